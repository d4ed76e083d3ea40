import { afterEach, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { type SiteWishes, SnapshotSite } from '../../../../test/fixtures/snapshot-site.ts';

let site: SnapshotSite;
afterEach(() => site.end());

async function running(wishes: SiteWishes = {}, spec: Json = {}): Promise<void> {
  site = await SnapshotSite.begin(wishes);
  await site.wukong(spec);
  await site.rig.until(async () => (await site.get('Wukong')).status?.phase === 'Running');
}

const phase = async (name: string) => (await site.get('WukongSnapshot', name)).status?.phase;
const ready = (name: string) => site.said('WukongSnapshot', name, 'Ready');
const kept = async () => (await site.list('VirtualMachineSnapshotContent')).length;

describe('a WukongSnapshot', () => {
  it('keeps the disks of a running machine, and says all about it', async () => {
    await running();
    await site.snapshot('monday');
    await site.rig.until(async () => (await phase('monday')) === 'Succeeded');

    const { status } = await site.get('WukongSnapshot', 'monday');
    expect(status).toMatchObject({
      snapshotName: 'monday',
      readyToUse: true,
      sourceUID: (await site.machine()).metadata.uid,
      indications: ['NoGuestAgent', 'Online'],
      includedVolumes: ['data', 'root'],
      excludedVolumes: [],
      restoreSize: '3Gi',
    });
    expect(await ready('monday')).toBe(
      'True SnapshotReady: the snapshot can be restored; it was taken without a guest agent: the disks are as after a power cut',
    );
    expect((await site.machine()).status.snapshotInProgress).toBeUndefined();
  });

  it('says that a snapshot of a machine that is off can be trusted', async () => {
    await running();
    await site.change({ power: 'Off' });
    await site.rig.until(async () => (await site.get('Wukong')).status.phase === 'Stopped');
    await site.rig.clock.sleep(30_000);
    await site.snapshot('off');
    await site.rig.until(async () => (await phase('off')) === 'Succeeded');

    expect(await ready('off')).toBe(
      'True SnapshotReady: the snapshot can be restored; it was taken while the machine was off',
    );
    expect((await site.get('WukongSnapshot', 'off')).status).not.toHaveProperty('indications');
  });

  it('B23: is one VirtualMachineSnapshot, however often it is reconciled and whoever leads', async () => {
    await running();
    await site.snapshot('monday');
    await site.rig.until(async () => (await phase('monday')) === 'Succeeded');
    await site.rig.clock.sleep(10_000);
    site.written.length = 0;

    for (let count = 0; count < 20; count++) {
      const note = { metadata: { annotations: { 'example.com/note': String(count) } } };
      await site.rig.patch(await site.get('WukongSnapshot', 'monday'), note);
      site.rig.server.dropWatches();
      await site.rig.clock.sleep(2000);
    }
    await site.succeedOperator();
    await site.rig.clock.sleep(60_000);

    expect((await site.list('VirtualMachineSnapshot')).map((one) => one.metadata.name)).toEqual(['monday']);
    expect(site.written).toEqual([]);
  });

  it('is told to have failed when the storage has no snapshots, though KubeVirt calls that a success', async () => {
    await running({ snapshots: false });
    await site.snapshot('monday');
    await site.rig.until(async () => (await phase('monday')) === 'Failed');

    const { status } = await site.get('WukongSnapshot', 'monday');
    expect((await site.list('VirtualMachineSnapshot'))[0]?.status).toMatchObject({
      phase: 'Succeeded',
      readyToUse: true,
    });
    expect(status).toMatchObject({ readyToUse: false, excludedVolumes: ['data', 'root'] });
    expect(status.error).toBe(
      '`data`, `root` could not be kept, because there is no VolumeSnapshotClass for the storage: make one for the provisioner of the storage class, or use storage that has snapshots; then delete this WukongSnapshot, and make a new one',
    );
  });

  it('fails at its deadline, with what the storage says, and leaves the machine free', async () => {
    await running();
    site.rig.troubles.add('snapshot-fails press-data');
    await site.snapshot('monday', { failureDeadline: '1m30s' });
    await site.rig.until(async () => (await ready('monday')).includes('tries again'));
    const trying = await ready('monday');
    const seconds = await site.rig.until(async () => (await phase('monday')) === 'Failed');
    await site.rig.until(async () => (await kept()) === 0);

    const volume = `pvc-${(await site.claim('data')).metadata.uid}`;
    const said = `error: Failed to check and update snapshot content: failed to take snapshot of the volume ${volume}: "rpc error: code = ResourceExhausted desc = no space left"`;
    expect(trying).toContain(
      'False SnapshotInProgress: the snapshot is being taken; KubeVirt reports an error and tries again:',
    );
    expect(trying).toContain(said);
    expect(seconds).toBeGreaterThan(60);
    const told = await ready('monday');
    expect(told).toContain(
      'False DeadlineExceeded: the snapshot was not taken within 1m30s (VolumeSnapshot vmsnapshot-',
    );
    expect(told).toContain(`${said}): delete this WukongSnapshot, see to the storage, and make a new one`);
    expect((await site.machine()).status.snapshotInProgress).toBeUndefined();
  });

  it.for<['Delete' | 'Retain', number]>([
    ['Delete', 0],
    ['Retain', 1],
  ])('with policy %s leaves so much of the data when it is deleted: %i', async ([deletionPolicy, left]) => {
    await running();
    await site.snapshot('monday', { deletionPolicy });
    await site.rig.until(async () => (await phase('monday')) === 'Succeeded');

    await site.rig.remove(await site.get('WukongSnapshot', 'monday'));
    await site.rig.until(async () => (await site.list('VirtualMachineSnapshot')).length === 0);
    await site.rig.clock.sleep(30_000);

    expect(await kept()).toBe(left);
    expect(await site.list('VolumeSnapshot', 'snapshot.storage.k8s.io/v1')).toHaveLength(left * 2);
  });

  it('stays when its Wukong goes', async () => {
    await running();
    await site.snapshot('monday');
    await site.rig.until(async () => (await phase('monday')) === 'Succeeded');
    const before = (await site.get('WukongSnapshot', 'monday')).status;

    await site.rig.remove(await site.get('Wukong'));
    await site.rig.until(async () => (await site.get('Wukong')) === undefined);
    await site.rig.clock.sleep(30_000);

    expect((await site.get('WukongSnapshot', 'monday')).status).toEqual(before);
    expect(await kept()).toBe(1);
  });
});

describe('a WukongSnapshot that cannot be taken yet', () => {
  it('says what it waits for, and is taken when that is there', async () => {
    site = await SnapshotSite.begin();
    await site.snapshot('monday');
    await site.rig.until(async () => (await phase('monday')) === 'Pending');
    const first = await ready('monday');
    await site.wukong();
    await site.rig.until(async () => (await phase('monday')) === 'Succeeded');

    expect(first).toBe(
      'False WukongNotFound: there is no Wukong `press` in this namespace: make it, or delete this WukongSnapshot',
    );
  });

  it('waits for another one of the same machine', async () => {
    await running();
    site.rig.troubles.add('snapshot-fails press-data');
    await site.snapshot('monday');
    await site.rig.until(async () => (await site.machine()).status.snapshotInProgress === 'monday');
    await site.snapshot('tuesday');
    await site.rig.until(async () => (await phase('tuesday')) === 'Pending');
    const waits = await ready('tuesday');
    site.rig.troubles.clear();
    await site.rig.until(async () => (await phase('tuesday')) === 'Succeeded');

    expect(waits).toBe('False SnapshotInProgress: waits until the snapshot monday has been taken');
    expect(await phase('monday')).toBe('Succeeded');
  });

  it('tells what KubeVirt refuses, and goes on when it no longer does', async () => {
    await running({ gates: [] });
    await site.snapshot('monday');
    await site.rig.until(async () => (await ready('monday')).includes('ApplyFailed'));
    const refused = await ready('monday');
    const gates = { configuration: { developerConfiguration: { featureGates: ['Snapshot'] } } };
    await site.rig.patch(await site.rig.get('kubevirt.io/v1', 'KubeVirt', 'kubevirt', 'kubevirt'), { spec: gates });
    await site.rig.until(async () => (await phase('monday')) === 'Succeeded');

    expect(refused).toContain('snapshot feature gate not enabled');
  });
});
