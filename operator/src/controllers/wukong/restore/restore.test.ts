import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { SnapshotSite } from '../../../../../test/fixtures/snapshot-site.ts';

let site: SnapshotSite;
/** What the guest had written when the snapshot was taken, and what it has written since. */
const then = 7;
const since = 9;

const status = async () => (await site.get('Wukong')).status;
const claims = async (): Promise<readonly Json[]> => [await site.claim('root'), await site.claim('data')];
const uids = async () => (await claims()).map((one) => one?.metadata.uid);
const written = async () => site.disks.get((await site.claim('data')).metadata.uid);
const restored = () => site.rig.until(async () => (await status()).restoredFromSnapshot === 'monday');
const off = () => site.rig.until(async () => (await site.machine()).status.printableStatus === 'Stopped');

beforeEach(async () => {
  site = await SnapshotSite.begin();
  await site.wukong();
  await site.rig.until(async () => (await status())?.phase === 'Running');
  site.disks.set((await site.claim('data')).metadata.uid, then);
  await site.snapshot('monday');
  await site.rig.until(async () => (await site.get('WukongSnapshot', 'monday')).status?.phase === 'Succeeded');
  site.disks.set((await site.claim('data')).metadata.uid, since);
});
afterEach(() => site.end());

describe('restoring a snapshot', () => {
  it('gives the disks their data back, in claims of the same names that only KubeVirt has made', async () => {
    const before = await uids();
    site.written.length = 0;
    await site.change({ power: 'Off', restoreFromSnapshot: 'monday' });
    await restored();

    const after = await claims();
    expect(after.map((one) => before.includes(one.metadata.uid))).toEqual([false, false]);
    expect(after.map((one) => one.metadata.annotations['restore.kubevirt.io/name'])).toEqual(
      Array(2).fill('press-restore-monday'),
    );
    expect(await written()).toBe(then);
    expect(site.written.filter((one) => /^(POST|DELETE) (persistentvolumeclaims|datavolumes)/.test(one))).toEqual([]);
  });

  it('leaves disks and machine alone from before the restore is made until it is complete', async () => {
    await site.change({ power: 'Off' });
    await off();
    await site.rig.clock.sleep(10_000);
    site.written.length = 0;
    await site.change({ restoreFromSnapshot: 'monday' });
    await site.rig.until(async () => (await site.machine()).status.restoreInProgress === 'press-restore-monday');
    await site.change({ memory: '256Mi' });
    await site.rig.clock.sleep(2000);
    const held = await site.said('Wukong', 'press', 'VMSynced');
    const meanwhile = site.written.filter((one) => !one.startsWith('PATCH wukongs/press/status'));
    const busy = (await site.machine()).status.restoreInProgress;
    await restored();
    expect(busy).toBe('press-restore-monday');
    expect(held).toBe(
      'False RestoreInProgress: disks and machine are left alone until VirtualMachineRestore press-restore-monday is complete',
    );
    expect(meanwhile).toEqual(['POST virtualmachinerestores 201 dry run', 'POST virtualmachinerestores 201']);
  });

  it('brings data back and no configuration: the machine is as the Wukong says again', async () => {
    await site.change({ power: 'Off', memory: '256Mi' });
    await off();
    await site.change({ restoreFromSnapshot: 'monday' });
    await restored();
    await site.rig.until(async () => (await site.machine()).spec.template.spec.domain.memory.guest === '256Mi');
    await site.change({ power: 'On' });
    await site.rig.until(async () => (await status()).phase === 'Running');

    expect(await site.said('Wukong', 'press', 'VMSynced')).toBe(
      'True Applied: everything that is wanted has been applied',
    );
    expect((await status()).restoredFromSnapshot).toBe('monday');
    expect(await written()).toBe(then);
  });

  it('makes the new claims the Wukong’s own again, and those of a DataVolume its', async () => {
    await site.change({ power: 'Off', restoreFromSnapshot: 'monday' });
    await restored();
    const owners = async () =>
      (await claims()).map((one) => one.metadata.ownerReferences?.map((owner: Json) => owner.kind));
    await site.rig.until(async () => (await owners()).every((one) => one !== undefined));

    expect(await owners()).toEqual([['Wukong'], ['DataVolume']]);
    await site.rig.remove(await site.get('Wukong'));
    await site.rig.until(async () => (await site.get('Wukong')) === undefined);
    await site.rig.clock.sleep(30_000);
    expect(await claims()).toEqual([undefined, undefined]);
  });

  it('happens once: neither another pass nor another operator does it again', async () => {
    await site.change({ power: 'Off', restoreFromSnapshot: 'monday' });
    await restored();
    await site.change({ power: 'On' });
    await site.rig.until(async () => (await status()).phase === 'Running');
    const before = await uids();
    site.written.length = 0;

    await site.succeedOperator();
    await site.change({ power: 'Off' });
    await off();
    await site.rig.clock.sleep(60_000);

    expect(await uids()).toEqual(before);
    expect(site.written.filter((one) => one.includes('virtualmachinerestores'))).toEqual([]);
    expect(await site.list('VirtualMachineRestore')).toEqual([]);
  });

  it('happens again for whoever takes the name out and sets it anew', async () => {
    await site.change({ power: 'Off', restoreFromSnapshot: 'monday' });
    await restored();
    site.disks.set((await site.claim('data')).metadata.uid, since);
    const first = await uids();

    await site.change({ restoreFromSnapshot: null });
    await site.rig.until(async () => (await status()).restoredFromSnapshot === undefined);
    await site.rig.until(async () => (await site.list('VirtualMachineRestore')).length === 0);
    await site.change({ restoreFromSnapshot: 'monday' });
    await restored();

    expect((await uids()).map((one) => first.includes(one))).toEqual([false, false]);
    expect(await written()).toBe(then);
  });

  it('goes on under another operator when the first one ends in the middle of it', async () => {
    site.written.length = 0;
    await site.change({ power: 'Off', restoreFromSnapshot: 'monday' });
    await site.rig.until(async () => (await site.claim('root'))?.metadata.annotations?.['restore.kubevirt.io/name']);
    await site.succeedOperator();
    await restored();

    expect(await written()).toBe(then);
    expect(site.written.filter((one) => one.startsWith('POST virtualmachinerestores'))).toEqual([
      'POST virtualmachinerestores 201 dry run',
      'POST virtualmachinerestores 201',
    ]);
  });

  it('lets a disk that has grown since grow again', async () => {
    const disks = (await site.get('Wukong')).spec.disks.map((one: Json) => ({ ...one, size: '4Gi' }));
    await site.change({ disks });
    await site.rig.until(async () => (await claims()).every((one) => one.status.capacity.storage === '4Gi'));
    await site.change({ power: 'Off', restoreFromSnapshot: 'monday' });
    await restored();
    await site.rig.until(async () => (await claims()).every((one) => one.status.capacity?.storage === '4Gi'));

    expect(await written()).toBe(then);
  });

  it('is refused for a machine that is on, whose disks nobody touches', async () => {
    const before = await uids();
    await site.change({ restoreFromSnapshot: 'monday' });
    await site.rig.until(async () => (await site.said('Wukong', 'press', 'SpecValid')).startsWith('False'));
    await site.rig.clock.sleep(60_000);

    expect(await site.said('Wukong', 'press', 'SpecValid')).toBe(
      'False InvalidSpec: spec.restoreFromSnapshot: the machine has to be off while its disks are put back: set spec.power to Off, and back to On once status.restoredFromSnapshot is monday',
    );
    expect(await uids()).toEqual(before);
    expect((await status()).phase).toBe('Running');
    expect(await site.list('VirtualMachineRestore')).toEqual([]);
  });

  it('is refused for a new Wukong until it has a machine, whose disks then get the data of the one before', async () => {
    await site.rig.remove(await site.get('Wukong'));
    await site.rig.until(async () => (await site.get('Wukong')) === undefined);
    await site.wukong({ power: 'Off', restoreFromSnapshot: 'monday' });
    await site.rig.until(async () => (await site.said('Wukong', 'press', 'SpecValid')).startsWith('False'));
    const refused = await site.said('Wukong', 'press', 'SpecValid');
    await site.change({ restoreFromSnapshot: null });
    await site.rig.until(async () => (await site.machine())?.status?.printableStatus === 'Stopped');
    await site.change({ restoreFromSnapshot: 'monday' });
    await restored();

    expect(refused).toContain('spec.restoreFromSnapshot: there is no machine yet whose disks could be put back');
    expect(await written()).toBe(then);
  });
});
