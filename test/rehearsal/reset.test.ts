import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { staying } from '#phases/reset/machine/own-files';
import type { KubeObject } from '#ports/cluster';
import type { SimulatedMachine } from '#simulation/host/simulated-machine';
import type { SimulatedWorld } from '#world/simulated';
import { differences, endState } from '../fixtures/end-state.ts';
import { type Stage, stage } from '../fixtures/rehearsed.ts';
import { guestConsents, guestOn, resetOn } from '../fixtures/reset.ts';

async function installed(profile = 'single-node'): Promise<Stage> {
  const site = await stage(profile);
  await site.play();
  return site;
}

/** What of the platform a cluster still has. */
async function leftIn({ world: { cluster } }: Stage): Promise<readonly string[]> {
  const kinds = [
    { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
    { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration' },
    { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration' },
    { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' },
    { apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver' },
    { apiVersion: 'v1', kind: 'PersistentVolume' },
    { apiVersion: 'v1', kind: 'Namespace' },
    { apiVersion: 'apps/v1', kind: 'Deployment' },
    { apiVersion: 'apps/v1', kind: 'DaemonSet' },
    { apiVersion: 'v1', kind: 'Pod' },
  ];
  const found = (await Promise.all(kinds.map((kind) => cluster.list(kind)))).flat();
  const nameOf = ({ kind, metadata: { namespace = '', name } }: KubeObject) =>
    `${kind} ${namespace}/${kind === 'Pod' ? name.replace(/-[a-z0-9]+-[a-z0-9]{5}$/, '-…') : name}`;
  return found.map(nameOf);
}

function filesOf(machine: SimulatedMachine, folder = '/'): readonly string[] {
  return machine.files.list(folder).flatMap((name) => {
    const path = folder === '/' ? `/${name}` : `${folder}/${name}`;
    const below = filesOf(machine, path);
    return below.length === 0 ? [path] : below;
  });
}

describe('a reset of a site of one node', () => {
  it('takes everything off in the order that lets each take down what it made', async () => {
    const site = await installed();

    const [last] = (await resetOn(site).play()).slice(-1);

    expect(last?.faults).toEqual([]);
    expect(last?.entries.flatMap((one) => (one.event === 'phase-began' ? [one.phase] : []))).toEqual([
      'reset-workloads',
      'reset-operator',
      'reset-cdi',
      'reset-kubevirt',
      'reset-longhorn',
      'reset-nmstate',
      'reset-cert-manager',
      'reset-multus',
      'reset-records',
      'reset-k3s',
      'reset-host',
    ]);
    expect([last?.outcome, site.world.crash]).toEqual(['done', undefined]);
    site.world.close();
  });

  it('leaves on the machine what was there before, and what it says to leave', async () => {
    const site = await stage('single-node');
    const machine = site.world.machines[0] as SimulatedMachine;
    const before = new Set(filesOf(machine));
    await site.play();
    await resetOn(site).play();

    const isSaid = (path: string) =>
      staying.some(({ where }) => where.some((one) => path.startsWith(one.split('*')[0] ?? one))) ||
      /^\/(home|usr\/lib\/systemd|var\/lib\/(apt|dpkg|novasphere)|etc\/(passwd|shadow|group|timezone|localtime))/.test(
        path,
      );
    expect(filesOf(machine).filter((path) => !before.has(path) && !isSaid(path))).toEqual([
      // By it Longhorn knows its disk again; it lies on the data disk, whose filesystem stays.
      '/var/lib/longhorn/longhorn-disk.cfg',
    ]);
    expect(filesOf(machine).filter((path) => path.startsWith('/var/lib/novasphere/'))).toEqual([
      '/var/lib/novasphere/apt/bundle.list',
      '/var/lib/novasphere/changed-in-boot',
      '/var/lib/novasphere/fsync.json',
      '/var/lib/novasphere/replaced/50-cloud-init.yaml',
    ]);
    expect([machine.hugepages['2Mi'], machine.swaps, machine.firewall.filter((line) => line.includes('KUBE'))]).toEqual(
      [0, ['/swap.img'], []],
    );
    site.world.close();
  });

  it('does nothing and writes nothing the second time', async () => {
    const site = await installed();
    await resetOn(site).play();
    const before = site.world.writes().length;

    const [again] = await resetOn(site).play();

    expect([again?.outcome, again?.changed, again?.faults]).toEqual(['done', 0, []]);
    expect(site.world.writes().slice(before)).toEqual([]);
    site.world.close();
  });

  it('is installed again afterwards as if for the first time', async () => {
    const site = await installed();
    const first = await endState(site.world);
    await resetOn(site).play();

    const [again] = (await site.play()).slice(-1);

    expect([again?.outcome, again?.faults]).toEqual(['done', []]);
    expect(differences(first, await endState(site.world))).toEqual([]);
    site.world.close();
  });
});

describe('a reset of a site with virtual machines', () => {
  it('removes nothing while one of them is not named', async () => {
    const site = await installed();
    await guestOn(site);
    const before = site.world.writes().length;

    const [last] = await resetOn(site).play({ consents: new Set([...guestConsents].slice(0, 2)) });

    expect(last).toMatchObject({ outcome: 'refused', exitCode: 6 });
    expect(last?.faults[0]?.message).toBe(
      'this would destroy volume shop/db-data (2 GiB), and nobody has agreed to that',
    );
    expect(site.world.writes().slice(before)).toEqual([]);
    site.world.close();
  });

  it('removes them with their disks when each is named, and writes down that it is about to', async () => {
    const site = await installed();
    await guestOn(site);

    const [last] = (await resetOn(site).play({ consents: guestConsents })).slice(-1);

    expect([last?.outcome, last?.faults]).toEqual(['done', []]);
    expect(last?.entries.flatMap((one) => (one.event === 'intent' ? [one.target] : []))).toEqual([...guestConsents]);
    expect(site.world.machines[0]?.files.list('/var/lib/longhorn/replicas')).toEqual([]);
    site.world.close();
  });

  it('keeps the data of their disks when asked to, and writes down where it lies', async () => {
    const site = await installed();
    await guestOn(site);
    const { files } = site.world.machines[0] as SimulatedMachine;
    const before = files.list('/var/lib/longhorn/replicas');

    const [last] = (
      await resetOn(site, { keepData: true }).play({ consents: new Set(['virtual machine shop/db']) })
    ).slice(-1);

    expect([last?.outcome, last?.faults]).toEqual(['done', []]);
    expect(before).toHaveLength(2);
    expect(files.list('/var/lib/longhorn/replicas')).toEqual(before);
    const kept: Json = JSON.parse(files.read('/var/lib/novasphere/kept-volumes.json') ?? '[]');
    expect(kept.map((one: Json) => [one.name, one.size, one.replicas[0].node])).toEqual([
      ['shop/db-boot', 2 ** 30, 'plant-7-a'],
      ['shop/db-data', 2 ** 31, 'plant-7-a'],
    ]);
    expect(kept.map((one: Json) => one.replicas[0].path.split('/').at(-1)).toSorted()).toEqual(before);
    expect(files.list('/var/lib/rancher/k3s/server/db/snapshots')).toEqual([
      expect.stringMatching(/^novasphere-reset-[0-9a-f]{8}-plant-7-a-\d+$/),
    ]);
    site.world.close();
  });

  it('does not touch a volume that somebody else has open, and says who', async () => {
    const site = await installed();
    const { cluster, clock } = site.world;
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    await clock.sleep(10_000);
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'ledger', namespace: 'shop' },
      spec: {
        storageClassName: 'longhorn',
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '1Gi' } },
      },
    });
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'ledger', namespace: 'shop' },
      spec: {
        containers: [
          { name: 'ledger', image: 'docker.io/rancher/mirrored-library-busybox:1.37.0', command: ['sleep', '1000000'] },
        ],
        volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'ledger' } }],
      },
    });
    await clock.sleep(120_000);

    const [last] = await resetOn(site).play({ consents: new Set(['volume shop/ledger (1 GiB)']) });

    expect(last?.faults.map((fault) => fault.record())).toMatchInlineSnapshot(`
      [
        {
          "because": [
            "somebody started that pod by hand",
          ],
          "code": "DELETION-STUCK",
          "evidence": [],
          "message": "the volume shop/ledger is open in Pod shop/ledger, which is no virtual machine",
          "remedy": [
            "kubectl --namespace shop get pods          what else uses volumes there",
            "kubectl --namespace shop delete pod ledger",
            "then run the same command again",
          ],
          "where": [
            "object PersistentVolumeClaim shop/ledger",
            "host plant-7-a",
            "step reset-workloads/machines-and-volumes",
          ],
        },
      ]
    `);
    site.world.close();
  });
});

describe('a reset of a cluster that is reached by a kubeconfig', () => {
  it('takes off what is in the cluster, and no machine is touched but for the files of Multus', async () => {
    const site = await installed();
    const { world } = site;
    const machine = world.machines[0] as SimulatedMachine;
    const before = machine.log.length;

    const [last] = (await resetOn(site, { reach: 'cluster' }).play()).slice(-1);

    expect([last?.outcome, last?.faults]).toEqual(['done', []]);
    expect(await leftIn(site)).toEqual([
      'Namespace /default',
      'Namespace /kube-node-lease',
      'Namespace /kube-public',
      'Namespace /kube-system',
      'Deployment kube-system/coredns',
      'Deployment kube-system/metrics-server',
      'Pod kube-system/coredns-…',
      'Pod kube-system/metrics-server-…',
    ]);
    expect(machine.log.slice(before)).toEqual([]);
    const { dataDir } = site.plan.profile.cluster.k3s;
    expect(filesOf(machine, `${dataDir}/agent/etc/cni/net.d`)).toEqual([
      `${dataDir}/agent/etc/cni/net.d/10-flannel.conflist`,
    ]);
    expect(machine.files.look(`${dataDir}/data/cni/multus`)).toBeUndefined();
    world.close();
  });
});

describe('a reset of a site of three nodes', () => {
  it('empties the cluster, then takes the machines one by one, the first server last', async () => {
    const site = await installed('three-node');
    const { world } = site;

    const [last] = (await resetOn(site).play()).slice(-1);

    expect(last?.faults.map((fault) => fault.record())).toEqual([]);
    const stopped = last?.entries.flatMap((one) =>
      one.event === 'step-began' && one.step === 'reset-k3s/stop' ? [one.host] : [],
    );
    expect(stopped).toEqual(site.plan.profile.nodes.map(({ name }) => name).toReversed());
    expect(world.machines.map((machine) => machine.files.look('/usr/local/bin/k3s'))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    world.close();
  });

  it('does not stop the first server while another machine still runs', async () => {
    const site = await installed('three-node');
    const { world } = site;
    const first = world.machines[0]?.name;
    const others = world.machines.slice(1).map(({ name }) => name);
    const alone: SimulatedWorld = Object.assign(Object.create(world), {
      host: (name: string) => (name === first ? world.host(name) : undefined),
    });

    const [last] = await resetOn({ ...site, world: alone }).play();

    expect(last?.faults.map((fault) => fault.record())).toMatchInlineSnapshot(`
      [
        {
          "because": [
            "a machine only ever resets itself",
          ],
          "code": "NODES-REMAIN",
          "evidence": [],
          "message": "hall-3-b and hall-3-c still belong to the cluster that would be stopped here",
          "remedy": [
            "novasphere reset PROFILE          on hall-3-b and the others, agents before servers",
            "then run the same command here again: the cluster is empty already",
          ],
          "where": [
            "host hall-3-a",
            "step reset-k3s/other-nodes",
          ],
        },
      ]
    `);
    expect(world.machines[0]?.view().isActive('k3s.service')).toBe(true);
    expect(others).toHaveLength(2);
    world.close();
  });
});

describe('a reset of one machine alone', () => {
  it('takes off a machine whose cluster is lost', async () => {
    const site = await installed();
    const { world } = site;
    const machine = world.machines[0] as SimulatedMachine;
    await world.host(machine.name)?.run(['systemctl', 'stop', 'k3s.service']);

    const [last] = (await resetOn(site, { reach: 'machine', clusterIsLost: true }).play()).slice(-1);

    expect([last?.outcome, last?.faults]).toEqual(['done', []]);
    expect(machine.files.look('/usr/local/bin/k3s')).toBeUndefined();
    world.close();
  });

  it('does not stop a machine on which a volume is in use, for its cluster has not been emptied', async () => {
    const site = await installed('three-node');
    const { world } = site;
    const machine = world.machines[2] as SimulatedMachine;
    const path = '/var/lib/kubelet/pods/u1/volumes/kubernetes.io~csi/pvc-1/mount';
    machine.mounts.push({ device: '/dev/longhorn/pvc-1', path, filesystem: 'ext4', size: 2 ** 30 });

    const [last] = await resetOn(site, { reach: 'machine' }).play();

    expect(last?.faults.map((fault) => fault.record())).toMatchInlineSnapshot(`
      [
        {
          "because": [
            "the platform has not been taken off the cluster yet, which is done on hall-3-a",
          ],
          "code": "NODES-REMAIN",
          "evidence": [
            "pvc-1",
          ],
          "message": "a volume is in use on hall-3-c",
          "remedy": [
            "novasphere reset PROFILE          on hall-3-a, until it asks for this machine",
            "novasphere reset PROFILE --host-only          when that cluster is lost: whatever runs here is ended",
          ],
          "where": [
            "host hall-3-c",
            "step reset-k3s/in-use",
          ],
        },
      ]
    `);
    expect(machine.view().isActive('k3s-agent.service') || machine.view().isActive('k3s.service')).toBe(true);
    world.close();
  });
});
