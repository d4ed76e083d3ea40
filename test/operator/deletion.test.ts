import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { OperatorStage, paths } from './stage.ts';

let stage: OperatorStage;
beforeEach(() => {
  stage = new OperatorStage();
});
afterEach(() => stage.stop.abort());

const held = (...finalizers: readonly string[]): Json => ({ metadata: { finalizers } });
const disks = [
  { name: 'data', size: '1Gi' },
  { name: 'root', size: '1Gi', image: 'quay.io/a/b:1' },
  { name: 'books', size: '1Gi', deletePolicy: 'Retain' },
];

/** As CDI does: the claim of a DataVolume, filled. */
async function fill(name: string): Promise<void> {
  const { metadata } = await stage.get(`${paths.dv}/${name}`);
  const owner = { apiVersion: 'cdi.kubevirt.io/v1beta1', kind: 'DataVolume', name, uid: metadata.uid };
  await stage.ask('POST', paths.claim, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, labels: metadata.labels, ownerReferences: [{ ...owner, controller: true }] },
    spec: {
      storageClassName: 'elastic',
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
    },
  });
  await stage.bind(name);
  await stage.patch(`${paths.dv}/${name}/status`, { status: { phase: 'Succeeded', progress: '100.0%' } });
}

async function whole(): Promise<void> {
  await stage.ready({ disks: disks.filter(({ image }) => image === undefined) });
  await stage.patch(`${paths.wukong}/press`, { spec: { disks } });
  await stage.clock.sleep(1000);
  await fill('press-root');
  await stage.clock.sleep(2000);
  // The protection of claims, which a real cluster takes away when no pod uses them any more.
  await stage.patch(`${paths.claim}/press-data`, held());
  await stage.patch(`${paths.claim}/press-root`, held());
}

/** As KubeVirt does: what runs the machine, and is held by it. */
async function instance(finalizer: string): Promise<void> {
  const { uid } = (await stage.get(`${paths.vm}/press-vm`)).metadata;
  const owner = { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', name: 'press-vm', uid, controller: true };
  const labels = { 'vm.novasphere.dev/wukong': 'press' };
  await stage.ask('POST', paths.vmi, {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: { name: 'press-vm', labels, finalizers: [finalizer], ownerReferences: [owner] },
    status: { phase: 'Running' },
  });
}

const gone = async (path: string) => (await stage.get(path)) === undefined;

describe('a Wukong that is deleted', () => {
  it('B19: takes everything with it but the disks that are to stay', async () => {
    await whole();
    const since = stage.server.log.length;

    await stage.ask('DELETE', `${paths.wukong}/press`);
    await stage.clock.sleep(60_000);

    expect(await gone(`${paths.wukong}/press`)).toBe(true);
    for (const path of [`${paths.vm}/press-vm`, `${paths.dv}/press-root`, `${paths.claim}/press-data`])
      expect([path, await gone(path)]).toEqual([path, true]);
    const kept = (await stage.get(`${paths.claim}/press-books`)).metadata;
    expect(kept.deletionTimestamp).toBeUndefined();
    expect(kept.ownerReferences ?? []).toEqual([]);
    expect(await stage.events()).toContain(
      'Normal DiskRetained: PersistentVolumeClaim press-books is kept, and belongs to nobody now',
    );
    expect(stage.writes(since).filter((one) => / 4\d\d$/.test(one))).toEqual([]);
  });

  it.for<[string, string, string, string]>([
    [
      'its machine',
      `${paths.vm}/press-vm`,
      'kubevirt.io/virtualMachineControllerFinalize',
      'VirtualMachine press-vm is on its way out, held by kubevirt.io/virtualMachineControllerFinalize (KubeVirt is still busy with it)',
    ],
    [
      'its claim',
      `${paths.claim}/press-data`,
      'kubernetes.io/pvc-protection',
      'the disk `data` is still being deleted, held by kubernetes.io/pvc-protection (a pod still uses it)',
    ],
    [
      'its DataVolume',
      `${paths.dv}/press-root`,
      'example.com/backup',
      'the disk `root` is still being deleted, held by example.com/backup',
    ],
  ])('waits for %s, names what holds it, and goes on when it is gone', async ([, path, finalizer, message]) => {
    await whole();
    await stage.patch(path, held(finalizer));

    await stage.ask('DELETE', `${paths.wukong}/press`);
    await stage.clock.sleep(5 * 60_000);
    expect(await stage.condition('Ready')).toBe(`False Deleting: ${message}`);
    const since = stage.server.log.length;
    await stage.clock.sleep(5 * 60_000);
    expect(stage.writes(since)).toEqual([]);

    await stage.patch(path, held());
    await stage.clock.sleep(2000);
    expect(await gone(`${paths.wukong}/press`)).toBe(true);
  });

  it('touches no disk while the guest still shuts down', async () => {
    await whole();
    await instance('kubevirt.io/foregroundDeleteVirtualMachine');
    await stage.clock.sleep(1000);

    await stage.ask('DELETE', `${paths.wukong}/press`);
    await stage.clock.sleep(5 * 60_000);

    expect(await gone(`${paths.vm}/press-vm`)).toBe(true);
    expect(await stage.condition('Ready')).toBe(
      'False Deleting: VirtualMachineInstance press-vm is on its way out, held by kubevirt.io/foregroundDeleteVirtualMachine (the guest is still shutting down, or its node does not answer)',
    );
    for (const path of [`${paths.dv}/press-root`, `${paths.claim}/press-data`])
      expect((await stage.get(path)).metadata.deletionTimestamp).toBeUndefined();

    await stage.patch(`${paths.vmi}/press-vm`, held());
    await stage.clock.sleep(2000);
    expect(await gone(`${paths.wukong}/press`)).toBe(true);
  });

  it('names what holds the instance, for which KubeVirt keeps the machine', async () => {
    await whole();
    await stage.patch(`${paths.vm}/press-vm`, held('kubevirt.io/virtualMachineControllerFinalize'));
    await instance('example.com/backup');

    await stage.ask('DELETE', `${paths.wukong}/press`);
    await stage.clock.sleep(1000);
    await stage.ask('DELETE', `${paths.vmi}/press-vm`);
    await stage.clock.sleep(1000);

    expect(await stage.condition('Ready')).toBe(
      'False Deleting: VirtualMachineInstance press-vm is on its way out, held by example.com/backup',
    );
  });

  it('lets go at once where nothing of it has been made', async () => {
    await stage.ready({ disks: [{ name: 'data', size: '1Gi', storageClassName: 'nowhere' }] });

    await stage.ask('DELETE', `${paths.wukong}/press`);
    await stage.clock.sleep(1000);

    expect(await gone(`${paths.wukong}/press`)).toBe(true);
  });

  it('leaves what belongs to another Wukong with nearly its name', async () => {
    await stage.ready({ disks: [{ name: 'b-c', size: '1Gi' }] });
    const other = { cpu: 1, memory: '1Gi', disks: [{ name: 'c', size: '2Gi' }] };
    await stage.ask('POST', paths.wukong, {
      apiVersion: 'vm.novasphere.dev/v1alpha1',
      kind: 'Wukong',
      metadata: { name: 'press-b' },
      spec: other,
    });
    await stage.clock.sleep(2000);
    expect((await stage.get(`${paths.claim}/press-b-c`)).spec.resources.requests.storage).toBe('1Gi');
    expect(await stage.condition('VolumesBound', 'press-b')).toMatch(/^False NameConflict: /);

    await stage.ask('DELETE', `${paths.wukong}/press-b`);
    await stage.clock.sleep(5000);

    expect(await gone(`${paths.wukong}/press-b`)).toBe(true);
    expect((await stage.get(`${paths.claim}/press-b-c`)).metadata.deletionTimestamp).toBeUndefined();
  });
});
