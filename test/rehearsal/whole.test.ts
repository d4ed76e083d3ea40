import { beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { Entry } from '#ports/journal';
import { all, named, nameOf } from '../fixtures/cluster-looks.ts';
import { hasUpstream, type Stage, stage } from '../fixtures/rehearsed.ts';

interface Whole {
  readonly profile: string;
  readonly realManifests: boolean;
  readonly nodes: readonly string[];
  /** Boots that a run asks for: what the kernel's command line names takes effect only then. */
  readonly restarts: number;
  readonly emulated?: true;
}

const hall = ['hall-3-a', 'hall-3-b', 'hall-3-c'];
const wholes: readonly Whole[] = [
  { profile: 'single-node', realManifests: false, nodes: ['plant-7-a'], restarts: 1 },
  { profile: 'lab-vm', realManifests: false, nodes: ['lab-vm'], restarts: 1, emulated: true },
  { profile: 'edge-hugepages', realManifests: false, nodes: ['edge-12-a'], restarts: 1 },
  { profile: 'three-node', realManifests: false, nodes: hall, restarts: 3 },
  { profile: 'single-node', realManifests: true, nodes: ['plant-7-a'], restarts: 1 },
  { profile: 'three-node', realManifests: true, nodes: hall, restarts: 3 },
];

for (const { profile, realManifests, nodes, restarts, emulated = false } of wholes) {
  const whose = realManifests ? 'the real manifests' : 'small manifests';
  const why = realManifests && !hasUpstream ? ' (skipped: ../shared/upstream is not there)' : '';

  describe.skipIf(why !== '')(`${profile}.yaml with ${whose}${why}`, () => {
    let site: Stage;
    const entries = (): readonly Entry[] => site.runs.flatMap((run) => run.entries);
    const found = async (kind: Parameters<typeof all>[1]) => (await all(site.world, kind)).map(nameOf);

    beforeAll(async () => {
      site = await stage(profile, { realManifests });
      await site.play();
      return () => site.world.close();
    });

    it('comes to its end, over the restarts that it asks for', () => {
      const outcomes = site.runs.map((run) => run.outcome);

      expect(site.runs.flatMap((run) => run.faults.map((fault) => fault.record()))).toEqual([]);
      expect(outcomes).toEqual([...Array(restarts).fill('rebooting'), 'done']);
      expect(site.world.crash).toBeUndefined();
    });

    it('uses the manifests that it says', () => {
      expect(site.world.about).toContain(realManifests ? 'upstream' : 'small manifests of our own');
    });

    it('boots the sample VM twice: it printed its prompt, kept its data and had an address', async () => {
      const proof = await named(site.world, 'configMaps', 'novasphere-system/proof-verify-sample-vm');
      const seen: readonly string[] = JSON.parse(proof.data.evidence);
      const passed = entries().flatMap((one) =>
        one.event === 'passed' && one.step === 'verify/sample-vm' ? one.evidence : [],
      );

      expect(proof.data.claim).toBe('a virtual machine boots, prints its login prompt and has an address');
      expect(seen.filter((line) => line.includes('shows'))).toEqual(
        Array(2).fill('its console shows “novasphere-sample-vm login:”'),
      );
      expect(seen.filter((line) => line.includes('novasphere-boot='))).toEqual([
        'console│ novasphere-boot=1',
        'console│ novasphere-boot=2',
      ]);
      expect(seen.filter((line) => /^it has the address 10\.42\.\d+\.\d+$/.test(line))).toHaveLength(2);
      expect(seen).toContain('a pod reached its port 22');
      expect(passed).toEqual(expect.arrayContaining([...seen]));
    });

    it('certifies the versions that it installed, with every proof', async () => {
      const { data } = await named(site.world, 'configMaps', 'novasphere-system/novasphere-certificate');
      const proofs: readonly { readonly id: string }[] = JSON.parse(data.proofs);

      expect(data.nodes).toBe(nodes.join(', '));
      expect(JSON.parse(data.versions)).toEqual({
        k3s: 'v1.35.8+k3s1',
        snapshotter: 'v8.6.0',
        longhorn: 'v1.12.1',
        multus: 'v4.3.0',
        nmstate: 'v0.86.0',
        kubevirt: 'v1.8.4',
        cdi: 'v1.65.0',
        'cert-manager': 'v1.21.1',
        operator: '0.1.0',
        'sample-vm': 'v1.8.4',
      });
      expect(proofs.map((proof) => proof.id)).toEqual([
        'cdi/blank-disk',
        'cert-manager/certificate',
        'k3s/dns',
        'k3s/hairpin',
        'longhorn/block-volume',
        'longhorn/volume',
        'multus/plain-pod',
        'multus/second-nic',
        'nmstate/policy',
        'verify/sample-vm',
      ]);
    });

    it('leaves nothing of its trials behind', async () => {
      const pods = await all(site.world, 'pods');
      const trials = pods.filter(
        ({ metadata }) => metadata.labels?.['novasphere.dev/trial'] !== undefined || /trial|sample/.test(metadata.name),
      );

      expect(trials.map(nameOf)).toEqual([]);
      expect(await found('claims')).toEqual([]);
      expect(await found('volumes')).toEqual([]);
      expect(await found('longhornVolumes')).toEqual([]);
      expect(await found('machines')).toEqual([]);
      expect(await found('namespaces')).not.toContain('novasphere-verify');
    });

    it('has every node Ready, in Longhorn too, with a handler of KubeVirt on each', async () => {
      const [ready, kept] = [await all(site.world, 'nodes'), await all(site.world, 'longhornNodes')];
      const handlers = await named(site.world, 'daemonSets', 'kubevirt/virt-handler');

      expect(ready.filter(isReady).map(nameOf)).toEqual(nodes);
      expect(ready.map((node) => node.metadata.labels['kubevirt.io/schedulable'])).toEqual(nodes.map(() => 'true'));
      expect(kept.filter(isReady).map(nameOf)).toEqual(nodes.map((name) => `longhorn-system/${name}`));
      expect(handlers.status.numberReady).toBe(nodes.length);
    });

    it('keeps as many copies as there are nodes, in exactly one default storage class', async () => {
      const classes = await all(site.world, 'storageClasses');
      const setting = await named(site.world, 'settings', 'longhorn-system/default-replica-count');
      const copies = String(nodes.length);

      expect(classes.filter(isDefault).map(nameOf)).toEqual(['longhorn']);
      expect(classes.map((one) => [nameOf(one), one.parameters.numberOfReplicas])).toEqual([
        ['longhorn', copies],
        ['longhorn-vm', copies],
      ]);
      expect(JSON.parse(setting.value)).toMatchObject({ v1: copies });
    });

    it('runs one copy of everything on one node, and what must survive a node more than once on three', async () => {
      const deployments = await all(site.world, 'deployments');
      const several = deployments.filter((one) => one.spec.replicas > 1).map(nameOf);
      const short = deployments.filter((one) => one.status.readyReplicas !== one.spec.replicas).map(nameOf);

      expect(short).toEqual([]);
      expect(several).toEqual(nodes.length === 1 ? [] : onThreeNodes);
    });

    it(emulated ? 'emulates virtual machines, as the profile says' : 'uses the virtualisation of the CPU', async () => {
      const { spec } = await named(site.world, 'kubevirts', 'kubevirt/kubevirt');

      expect(spec.configuration.developerConfiguration.useEmulation ?? false).toBe(emulated);
    });
  });
}

const onThreeNodes = [
  'kube-system/snapshot-controller',
  'kubevirt/virt-api',
  'kubevirt/virt-controller',
  'kubevirt/virt-operator',
  'longhorn-system/csi-attacher',
  'longhorn-system/csi-provisioner',
  'longhorn-system/csi-resizer',
  'longhorn-system/csi-snapshotter',
  'longhorn-system/longhorn-ui',
  'novasphere-system/wukong-operator',
];

function isReady({ status }: Json): boolean {
  return status.conditions.some((one: Json) => one.type === 'Ready' && one.status === 'True');
}

function isDefault({ metadata }: Json): boolean {
  return metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true';
}
