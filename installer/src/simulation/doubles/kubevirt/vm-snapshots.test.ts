import { afterEach, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { SnapshotSite } from '../../../../../test/fixtures/snapshot-site.ts';

let site: SnapshotSite;
afterEach(() => site.end());

const api = 'snapshot.kubevirt.io/v1beta1';
const target = { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: 'press-vm' };
const kept = (name: string, spec: Json = {}): Json => ({
  apiVersion: api,
  kind: 'VirtualMachineSnapshot',
  metadata: { name, namespace: 'default' },
  spec: { source: target, ...spec },
});
const restore = (spec: Json = {}): Json => ({
  apiVersion: api,
  kind: 'VirtualMachineRestore',
  metadata: { name: 'back', namespace: 'default' },
  spec: { target, virtualMachineSnapshotName: 'kept', ...spec },
});
const found = (kind: string, name: string) => site.rig.get(api, kind, name, 'default');
const conditions = (object: Json): readonly string[] =>
  (object.status?.conditions ?? []).map((one: Json) => `${one.type}=${one.status} ${one.reason}`).toSorted();

async function machine(change: Json = {}): Promise<void> {
  site = await SnapshotSite.begin();
  await site.wukong(change);
  const wanted = change.power === 'Off' ? 'Stopped' : 'Running';
  await site.rig.until(async () => (await site.machine())?.status?.printableStatus === wanted);
  await site.rig.clock.sleep(10_000);
}

async function taken(): Promise<void> {
  await site.rig.create(kept('kept'));
  await site.rig.until(async () => (await found('VirtualMachineSnapshot', 'kept')).status?.phase === 'Succeeded');
  await site.rig.clock.sleep(5000);
}

describe('virt-controller, of snapshots', () => {
  it('keeps the machine and each of its claims, and says which', async () => {
    await machine();
    await taken();

    const { status } = await found('VirtualMachineSnapshot', 'kept');
    const content = await found('VirtualMachineSnapshotContent', status.virtualMachineSnapshotContentName);
    expect(status.snapshotVolumes).toEqual({ includedVolumes: ['root', 'data'], excludedVolumes: [] });
    expect(conditions({ status })).toEqual(['Progressing=False Operation complete', 'Ready=True Ready']);
    expect(content.spec.source.virtualMachine.spec).toEqual((await site.machine()).spec);
    expect(content.spec.volumeBackups.map((one: Json) => one.persistentVolumeClaim.metadata.name)).toEqual([
      'press-root',
      'press-data',
    ]);
  });

  it('locks the machine meanwhile: its disks and its switch stay as they are, anything else may change', async () => {
    await machine();
    site.rig.troubles.add('snapshot-fails press-data');
    await site.rig.create(kept('kept'));
    await site.rig.until(async () => (await site.machine()).status.snapshotInProgress === 'kept');
    const press = await site.machine();

    await expect(site.rig.patch(press, { spec: { runStrategy: 'Halted' } })).rejects.toThrow(
      'Cannot update vm running state until snapshot "kept" completes',
    );
    await expect(site.rig.patch(press, { spec: { template: { spec: { volumes: [] } } } })).rejects.toThrow(
      'Cannot update vm disks or volumes until snapshot "kept" completes',
    );
    await site.rig.patch(press, { spec: { template: { metadata: { labels: { a: 'b' } } } } });
    await site.rig.remove(kept('kept'));
    await site.rig.until(async () => (await site.machine()).status.snapshotInProgress === undefined);
    expect((await site.machine()).metadata.finalizers).not.toContain('snapshot.kubevirt.io/snapshot-source-protection');
  });

  it('refuses what cannot be a snapshot, and any change of one', async () => {
    await machine();
    await taken();
    const other = { apiGroup: 'apps', kind: 'Deployment', name: 'x' };

    await expect(site.rig.create(kept('x', { source: other }))).rejects.toThrow('invalid apiGroup');
    await expect(site.rig.patch(kept('kept'), { spec: { failureDeadline: '1h' } })).rejects.toThrow(
      'spec in immutable after creation',
    );
  });
});

describe('virt-controller, of restores', () => {
  it('gives the machine new claims of other names unless it is to be in place', async () => {
    await machine({ power: 'Off' });
    await taken();
    const { uid } = await create(restore());
    await site.rig.until(async () => (await found('VirtualMachineRestore', 'back')).status?.complete === true);

    const claims = (await site.rig.list('v1', 'PersistentVolumeClaim')).map((one) => one.metadata.name);
    expect(claims).toEqual(expect.arrayContaining([`restore-${uid}-root`, `restore-${uid}-data`]));
    const made = await site.rig.get('v1', 'PersistentVolumeClaim', `restore-${uid}-root`, 'default');
    expect(made.metadata.ownerReferences).toMatchObject([{ kind: 'VirtualMachine', controller: true }]);
  });

  it('waits for a machine that is on, and fails where it was told not to wait', async () => {
    await machine();
    await taken();
    await create(restore({ targetReadinessPolicy: 'WaitEventually' }));
    await site.rig.clock.sleep(10 * 60_000);
    const waits = conditions(await found('VirtualMachineRestore', 'back'));
    await expect(site.rig.create({ ...restore(), metadata: { name: 'second', namespace: 'default' } })).rejects.toThrow(
      'VirtualMachineRestore "back" in progress',
    );
    await site.rig.remove(restore());
    await site.rig.until(async () => (await found('VirtualMachineRestore', 'back')) === undefined);
    await create(restore({ targetReadinessPolicy: 'FailImmediate' }));
    await site.rig.clock.sleep(10_000);

    expect(waits).toEqual([
      'Progressing=False Waiting for target to be ready',
      'Ready=False Waiting for target to be ready',
    ]);
    expect(conditions(await found('VirtualMachineRestore', 'back'))).toEqual([
      'Failure=True Restore target not ready',
      'Progressing=False Operation failed',
      'Ready=False Operation failed',
    ]);
  });

  it('fails after five minutes by itself', async () => {
    await machine();
    await taken();
    await create(restore());
    const seconds = await site.rig.until(async () =>
      conditions(await found('VirtualMachineRestore', 'back')).some((one) => one.startsWith('Failure=True')),
    );

    expect(seconds).toBeGreaterThan(290);
    expect(seconds).toBeLessThan(310);
  });

  it('does not let the machine start meanwhile', async () => {
    await machine({ power: 'Off' });
    await taken();
    await create(restore({ volumeRestorePolicy: 'InPlace' }));
    await site.rig.until(async () => (await site.machine()).status.restoreInProgress === 'back');

    await expect(site.rig.patch(await site.machine(), { spec: { runStrategy: 'Always' } })).rejects.toThrow(
      'Cannot start VM until restore "back" completes',
    );
    await site.rig.until(async () => (await found('VirtualMachineRestore', 'back')).status.complete === true);
    expect((await site.machine()).status.restoreInProgress).toBeUndefined();
  });
});

async function create(object: Json): Promise<Json> {
  return (await site.rig.create(object)).metadata;
}
