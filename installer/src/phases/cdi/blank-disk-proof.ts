import { minute, type Step, second } from '#engine/step';
import type { Json } from '#kube/json';
import type { Site } from '#plan/plan';
import type { KubeObject } from '#ports/cluster';
import { type Condition, every, gate, met, unmet } from '../verbs/condition.ts';
import { refOf } from '../verbs/object-name.ts';
import { Persistence } from '../verbs/persistence.ts';
import { podTrouble } from '../verbs/pod-trouble.ts';
import { proof } from '../verbs/proof.ts';
import { stuckVolume } from '../verbs/stuck-volume.ts';
import { trialNamespace } from '../verbs/trial-namespace.ts';

/** CDI makes an empty disk on each class: as a file, and as a block device. */
export function blankDiskProof(site: Site): Step {
  const disks = [blankDisk('trial-blank', 'longhorn'), blankDisk('trial-blank-block', 'longhorn-vm')];
  return proof({
    id: 'cdi/blank-disk',
    title: 'Prove that CDI makes disks',
    claim: 'a blank disk is made as a file and as a block device',
    of: { cdi: site.catalog.components.cdi.version, longhorn: site.catalog.components.longhorn.version },
    stages: [
      {
        objects: disks,
        gate: gate(
          { title: 'two blank disks to be made', soft: 2 * minute, hard: 10 * minute },
          every(...disks.map(made)),
        ),
      },
    ],
    also: disks.map(({ metadata: { name } }) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      namespace: trialNamespace,
      name,
    })),
    gone: gate(
      { title: 'nothing of the disks to be left', soft: 1 * minute, hard: 5 * minute, every: 5 * second },
      noVolumeOf(disks.map(({ metadata }) => metadata.name)),
    ),
  });
}

function blankDisk(name: string, storageClassName: string): KubeObject {
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: { name, namespace: trialNamespace, labels: { 'novasphere.dev/trial': 'blank-disk' } },
    spec: {
      source: { blank: {} },
      storage: { storageClassName, resources: { requests: { storage: '64Mi' } } },
    },
  };
}

function made(disk: KubeObject): Condition {
  const lasting = new Persistence();
  const { name } = disk.metadata;
  return async (sight) => {
    const live: Json = await sight.cluster.get(refOf(disk));
    const { phase, conditions = [] } = live?.status ?? {};
    if (phase === 'Succeeded') return met(`DataVolume ${name} succeeded`);
    const running = conditions.find((one: Json) => one.type === 'Running');
    const bound = conditions.find((one: Json) => one.type === 'Bound' && one.status !== 'True');
    const said = [phase ?? 'not begun', bound?.message, running?.message].filter(Boolean).join(': ');
    const pods = await sight.cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace: trialNamespace });
    const importer = pods.find(({ metadata }) => metadata.name.endsWith(name) && metadata.name.startsWith('importer'));
    const trouble = importer === undefined ? undefined : await podTrouble(importer, sight, lasting);
    const about = { kind: 'DataVolume', namespace: trialNamespace, name };
    return unmet(trouble?.because ?? `DataVolume ${name} is ${said}`, trouble ?? { about });
  };
}

function noVolumeOf(claims: readonly string[]): Condition {
  return async (sight) => {
    const volumes: readonly Json[] = await sight.cluster.list({ apiVersion: 'v1', kind: 'PersistentVolume' });
    const left = volumes.find(
      ({ spec }) => spec?.claimRef?.namespace === trialNamespace && claims.includes(spec.claimRef.name),
    );
    if (left === undefined) return met();
    const { name } = left.metadata;
    return unmet(`PersistentVolume ${name} is still there`, { blame: stuckVolume('PersistentVolume', name) });
  };
}
