import { Fault } from '#engine/fault';
import { minute, type Step, second } from '#engine/step';
import type { Json } from '#kube/json';
import type { Site } from '#plan/plan';
import type { KubeObject } from '#ports/cluster';
import { type Condition, gate, met, unmet } from '../verbs/condition.ts';
import { refOf } from '../verbs/object-name.ts';
import { type ProofStage, proof } from '../verbs/proof.ts';
import { stuckVolume } from '../verbs/stuck-volume.ts';
import { type Trial, trialImage, trialPod } from '../verbs/trial.ts';
import { trialNamespace } from '../verbs/trial-namespace.ts';
import { trialSucceeds } from '../verbs/trial-succeeds.ts';
import { longhornNamespace } from './longhorn-conditions.ts';

type Mode = 'Filesystem' | 'Block';

const text = 'novasphere keeps data';
const write = {
  Filesystem: `echo '${text}' > /data/trial && sync && cat /data/trial`,
  Block: `echo '${text}' | dd of=/dev/trial bs=512 count=1 conv=sync,fsync`,
};
const read = { Filesystem: 'cat /data/trial', Block: 'dd if=/dev/trial bs=512 count=1 | head -n 1' };

const patience = { soft: 1 * minute, hard: 5 * minute };

/** A volume is bound, one pod writes to it, another reads it back, and nothing of it stays. */
export function volumeProof(site: Site, id: string, mode: Mode): Step {
  const claim = `trial-${mode.toLowerCase()}`;
  const kind = mode === 'Block' ? 'block volume' : 'volume';
  return proof({
    id,
    title: `Prove that a ${kind} keeps data`,
    claim: `a ${kind} is written by one pod and read back by another`,
    of: { longhorn: site.catalog.components.longhorn.version },
    stages: [written(site, claim, mode, kind), readBack(site, claim, mode, kind)],
    gone: gate({ title: `nothing of the ${kind} to be left`, ...patience, every: 5 * second }, noVolumeOf(claim)),
  });
}

function written(site: Site, claim: string, mode: Mode, kind: string): ProofStage {
  const writer = pod(site, claim, mode, 'writer');
  return {
    objects: [claimFor(claim, mode), writer],
    gate: trialSucceeds({
      title: `a pod to write to a new ${kind}`,
      ...patience,
      pod: writer,
      failed: (log) => broken(claim, `a pod could not write to a new ${kind}`, log),
      evidence: () => [`a ${kind} was bound and written`],
    }),
  };
}

function readBack(site: Site, claim: string, mode: Mode, kind: string): ProofStage {
  const reader = pod(site, claim, mode, 'reader');
  return {
    remove: [refOf(pod(site, claim, mode, 'writer'))],
    objects: [reader],
    gate: trialSucceeds({
      title: `another pod to read the ${kind} back`,
      ...patience,
      pod: reader,
      failed: (log) => broken(claim, `what was written to a ${kind} is not there for the next pod`, log),
      evidence: (log) => [`the next pod read back “${log[0] ?? ''}”`],
    }),
  };
}

function pod(site: Site, claim: string, mode: Mode, role: 'writer' | 'reader'): KubeObject {
  const annotations = role === 'writer' ? { 'novasphere.dev/writes': text } : { 'novasphere.dev/reads': text };
  const script = role === 'writer' ? write[mode] : `${read[mode]} | grep -x '${text}'`;
  const trial: Trial = { kind: 'volume', name: `${claim}-${role}`, image: trialImage(site.catalog), script };
  return trialPod({ ...trial, annotations, volume: { claim, mode } });
}

function claimFor(name: string, mode: Mode): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: trialNamespace, labels: { 'novasphere.dev/trial': 'volume' } },
    spec: {
      storageClassName: mode === 'Block' ? 'longhorn-vm' : 'longhorn',
      accessModes: [mode === 'Block' ? 'ReadWriteMany' : 'ReadWriteOnce'],
      volumeMode: mode,
      resources: { requests: { storage: '128Mi' } },
    },
  };
}

/** Neither the cluster nor Longhorn knows a volume of the claim any more. */
function noVolumeOf(claim: string): Condition {
  return async (sight) => {
    const volumes: readonly Json[] = await sight.cluster.list({ apiVersion: 'v1', kind: 'PersistentVolume' });
    const bound = volumes.find(
      ({ spec }) => spec?.claimRef?.namespace === trialNamespace && spec.claimRef.name === claim,
    );
    if (bound !== undefined) {
      const { name } = bound.metadata;
      return unmet(`PersistentVolume ${name} is still there`, { blame: stuckVolume('PersistentVolume', name) });
    }
    const query = { apiVersion: 'longhorn.io/v1beta2', kind: 'Volume', namespace: longhornNamespace };
    const copies: readonly Json[] = await sight.cluster.list(query);
    const copy = copies.find(({ status }) => {
      const used = status?.kubernetesStatus;
      return used?.namespace === trialNamespace && used.pvcName === claim;
    });
    if (copy !== undefined) {
      const { name } = copy.metadata;
      return unmet(`Longhorn volume ${name} is still there`, { blame: stuckVolume('volumes.longhorn.io', name) });
    }
    return met('no volume was left behind');
  };
}

function broken(claim: string, message: string, log: readonly string[]): Fault {
  return new Fault({
    code: 'STORAGE-FAILED',
    message,
    cause: log.at(-1) ?? 'the pod printed nothing',
    where: [`object PersistentVolumeClaim ${trialNamespace}/${claim}`],
    evidence: log.slice(-5),
    remedy: [
      `kubectl -n ${longhornNamespace} get volumes.longhorn.io  shows the state of every volume`,
      `kubectl -n ${longhornNamespace} logs -l app=longhorn-manager --tail=50`,
    ],
  });
}
