import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { installedIn } from '#phases/upgrade/installed';
import { all, named } from '../fixtures/cluster-looks.ts';
import { olderRelease, olderVersions } from '../fixtures/older-release.ts';
import { release, type Stage, stage } from '../fixtures/rehearsed.ts';
import { end, installed, upgradeOf } from '../fixtures/upgraded.ts';

const wanted = Object.fromEntries(Object.values(release.components).map(({ name, version }) => [name, version]));
const { 'sample-vm': _, ...upgraded } = wanted;

const machine: Json = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: { name: 'guest', namespace: 'default' },
  spec: {
    runStrategy: 'Always',
    template: {
      spec: {
        domain: {
          devices: { disks: [{ name: 'boot', disk: { bus: 'virtio' } }] },
          memory: { guest: '128Mi' },
        },
        volumes: [{ name: 'boot', emptyDisk: { capacity: '64Mi' } }],
      },
    },
  },
};

/** Boots a machine; what it is while it runs. */
async function withGuest({ world }: Stage) {
  const path = '/apis/kubevirt.io/v1/namespaces/default/virtualmachines';
  const { status } = await world.server.request({ method: 'POST', path, body: machine });
  expect(status).toBe(201);
  await world.clock.sleep(5 * 60_000);
}

async function guestOf({ world }: Stage): Promise<Json> {
  const get = async (path: string): Promise<Json> => (await world.server.request({ method: 'GET', path })).body;
  const instance = await get('/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances/guest');
  const pods = (await all(world, 'pods')).filter((pod) => pod.metadata.labels?.['vm.kubevirt.io/name'] === 'guest');
  const { image } = pods[0]?.spec.containers[0] ?? {};
  return {
    phase: instance.status?.phase,
    uid: instance.metadata.uid,
    launchers: pods.map((pod) => pod.metadata.uid),
    image,
  };
}

describe('an upgrade from the release before', () => {
  it('brings every component to this release, one after the other, and proves the whole again', async () => {
    const site = await upgradeOf(await installed());

    expect((await installedIn(site.world.cluster)).versions).toEqual(olderVersions);
    expect(await end(site)).toMatchObject({ outcome: 'done', exitCode: 0 });

    expect((await installedIn(site.world.cluster)).versions).toEqual(upgraded);
    const began = site.runs.at(-1)?.entries.flatMap((one) => (one.event === 'phase-began' ? [one.phase] : []));
    expect(began).toEqual([
      'preflight',
      'upgrade',
      'host',
      'images',
      'cert-manager',
      'longhorn',
      'cdi',
      'kubevirt',
      'nmstate',
      'operator',
      'k3s',
      'multus',
      'verify',
      'tidy',
    ]);
    const proven = await named(site.world, 'configMaps', 'novasphere-system/novasphere-certificate');
    expect(JSON.parse(proven.data.versions)).toMatchObject({ kubevirt: 'v1.8.4', k3s: 'v1.35.8+k3s1' });
    site.world.close();
  });

  it('leaves nothing to do for a second one, nor for an apply of this release', async () => {
    const site = await upgradeOf(await installed());
    await end(site);
    const writes = site.world.writes().length;

    expect(await end(site)).toMatchObject({ outcome: 'done' });
    expect(await end(await stage('single-node', { on: site }))).toMatchObject({ outcome: 'done' });

    expect(site.world.writes().slice(writes)).toEqual([]);
    site.world.close();
  });

  it('keeps one snapshot of etcd, before anything is changed', async () => {
    const site = await upgradeOf(await installed());

    await end(site);

    const applied = site.runs.at(-1)?.entries.flatMap((one) => (one.event === 'applied' ? [one.step] : []));
    expect(applied?.[0]).toBe('upgrade/etcd-snapshot');
    expect(site.world.machines[0]?.files.list('/var/lib/rancher/k3s/server/db/snapshots')).toHaveLength(1);
    site.world.close();
  });

  it('lets a machine run as it is, and tells it from those that start anew', async () => {
    const older = await installed();
    await withGuest(older);
    const running = await guestOf(older);
    const site = await upgradeOf(older);

    await end(site);

    expect(running).toMatchObject({ phase: 'Running', image: 'quay.io/kubevirt/virt-launcher:v1.7.4' });
    expect(await guestOf(site)).toEqual(running);
    const kubevirt = await named(site.world, 'kubevirts', 'kubevirt/kubevirt');
    expect(kubevirt.status).toMatchObject({
      observedKubeVirtVersion: 'v1.8.4',
      outdatedVirtualMachineInstanceWorkloads: 1,
    });
    const fitness = site.runs.at(-1)?.entries.find((one) => one.event === 'found' && one.step === 'upgrade/fitness');
    expect(fitness).toMatchObject({ notes: expect.arrayContaining(['1 machine is running; it keeps running']) });
    site.world.close();
  });

  it('works with three nodes', async () => {
    const site = await upgradeOf(await installed('three-node'), 'three-node');

    expect(await end(site)).toMatchObject({ outcome: 'done', faults: [] });

    const nodes = await all(site.world, 'nodes');
    expect(nodes.map((node) => node.status.nodeInfo.kubeletVersion)).toEqual(Array(3).fill('v1.35.8+k3s1'));
    site.world.close();
  });
});

describe('a plain apply over the release before', () => {
  it('changes nothing and says what does', async () => {
    const older = await installed();
    const writes = older.world.writes().length;
    const site = await stage('single-node', { on: { ...older, world: older.world.release(release) } });

    const { outcome, exitCode, faults } = await end(site);

    expect({ outcome, exitCode, changed: site.world.writes().slice(writes) }).toEqual({
      outcome: 'refused',
      exitCode: 6,
      changed: [],
    });
    expect(faults).toMatchInlineSnapshot(`
      [
        {
          "because": [
            "an upgrade looks first whether volumes, machines and nodes are fit for it, keeps a snapshot of etcd, and has an order of its own",
          ],
          "code": "UPGRADE-NEEDED",
          "evidence": [
            "k3s v1.34.11+k3s1 → v1.35.8+k3s1",
            "the snapshot controller v8.5.0 → v8.6.0",
            "Longhorn v1.11.3 → v1.12.1",
            "Multus v4.2.4 → v4.3.0",
            "NMState v0.85.1 → v0.86.0",
            "KubeVirt v1.7.4 → v1.8.4",
            "CDI v1.64.0 → v1.65.0",
            "cert-manager v1.20.3 → v1.21.1",
            "the Wukong operator 0.0.9 → 0.1.0",
          ],
          "message": "9 components would become another version, and only an upgrade does that",
          "remedy": [
            "novasphere upgrade PROFILE --bundle DIR          makes these changes, also those that an upgrade which was cut has left",
            "or use the release of Novasphere that fits what is installed",
          ],
          "where": [
            "host plant-7-a",
            "step preflight/versions",
          ],
        },
      ]
    `);
    site.world.close();
  });

  it('names the way where there is none in one step', async () => {
    const older = await stage('single-node', { older: olderRelease(release, { longhorn: 'v1.10.2' }) });
    await older.play();

    const { exitCode, faults } = await end(await upgradeOf(older));

    expect(exitCode).toBe(6);
    expect(faults).toMatchInlineSnapshot(`
      [
        {
          "because": [],
          "code": "VERSION-SKEW",
          "evidence": [
            "Longhorn: v1.10.2 → v1.11.3 → v1.12.1",
          ],
          "message": "Longhorn v1.10.2 cannot become v1.12.1: it goes up one minor version at a time",
          "remedy": [
            "novasphere upgrade PROFILE --bundle DIR          with each release on that way, one after the other",
          ],
          "where": [
            "host plant-7-a",
            "step preflight/versions",
          ],
        },
      ]
    `);
    older.world.close();
  });
});
