import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { planSnapshot } from './plan-snapshot.ts';
import type { SnapshotSeen } from './seen.ts';
import { snapshotObject } from './snapshot-object.ts';
import { later, machine, now, plan, snapshot, succeeded, taken, told, whole, wukong } from './snapshot-scene.ts';

describe('what is asked of KubeVirt for a WukongSnapshot', () => {
  it('is one snapshot of the same name, which goes with it and keeps to its deadline', () => {
    expect(plan({}).objects).toMatchInlineSnapshot(`
      [
        {
          "apiVersion": "snapshot.kubevirt.io/v1beta1",
          "kind": "VirtualMachineSnapshot",
          "metadata": {
            "labels": {
              "app.kubernetes.io/instance": "press-3",
              "app.kubernetes.io/managed-by": "novasphere-operator",
              "app.kubernetes.io/name": "wukong",
              "vm.novasphere.dev/wukong": "press-3",
            },
            "name": "before-upgrade",
            "namespace": "plant",
            "ownerReferences": [
              {
                "apiVersion": "vm.novasphere.dev/v1alpha1",
                "blockOwnerDeletion": true,
                "controller": true,
                "kind": "WukongSnapshot",
                "name": "before-upgrade",
                "uid": "s-1",
              },
            ],
          },
          "spec": {
            "deletionPolicy": "Delete",
            "failureDeadline": "5m",
            "source": {
              "apiGroup": "kubevirt.io",
              "kind": "VirtualMachine",
              "name": "press-3-vm",
            },
          },
        },
      ]
    `);
  });

  it('says what the WukongSnapshot says of the data and of the time', () => {
    const spec = { wukongName: 'press-3', deletionPolicy: 'Retain', failureDeadline: '1h30m' } as const;

    expect(planSnapshot({ ...snapshot, spec }, whole).objects[0]?.['spec']).toMatchObject({
      deletionPolicy: 'Retain',
      failureDeadline: '1h30m',
    });
  });

  it.for<[string, Partial<SnapshotSeen>, string]>([
    [
      'no KubeVirt',
      { served: false },
      'Pending MissingDependency: the cluster serves no VirtualMachineSnapshot (snapshot.kubevirt.io/v1beta1): install KubeVirt; the snapshot is taken as soon as it is there',
    ],
    [
      'no Wukong',
      { wukong: undefined, vm: undefined },
      'Pending WukongNotFound: there is no Wukong `press-3` in this namespace: make it, or delete this WukongSnapshot',
    ],
    [
      'a Wukong that goes',
      { wukong: { ...wukong, metadata: { ...wukong.metadata, deletionTimestamp: now } } },
      'Pending WukongNotFound: the Wukong `press-3` is being deleted: delete this WukongSnapshot as well',
    ],
    [
      'no machine',
      { vm: undefined },
      'Pending MachineNotFound: the Wukong `press-3` has no machine yet: the snapshot is taken when there is one; kubectl describe wukong press-3 tells what it waits for',
    ],
    [
      'a restore',
      { vm: machine({ restoreInProgress: 'r' }) },
      'Pending RestoreInProgress: waits until the restore r of the machine has ended',
    ],
    [
      'another snapshot',
      { vm: machine({ snapshotInProgress: 'nightly' }) },
      'Pending SnapshotInProgress: waits until the snapshot nightly has been taken',
    ],
  ])('is nothing while there is %s, which is told with the way out', ([, seen, message]) => {
    const { objects, status } = plan(seen);

    expect(objects).toEqual([]);
    expect(status(now).error).toBe(status(now).conditions[0]?.message);
    expect(told(status(now))).toBe(message);
  });

  it('is nothing where the name belongs to somebody else’s snapshot', () => {
    const foreign = { ...taken(succeeded), metadata: { name: 'before-upgrade', namespace: 'plant', uid: 'x' } };
    const { objects, status } = plan({ taken: foreign });

    expect(objects).toEqual([]);
    expect(told(status(now))).toMatchInlineSnapshot(
      `"Pending NameConflict: VirtualMachineSnapshot before-upgrade is there already and belongs to something else: delete it, or give the WukongSnapshot another name"`,
    );
    expect(status(now)).not.toHaveProperty('creationTime');
  });

  it('B23: is the same object however often it is looked at, so that there is exactly one', () => {
    const states: readonly Json[] = [undefined, {}, { phase: 'InProgress' }, succeeded, { phase: 'Failed' }];
    const wanted = states.map((status) => plan({ taken: taken(status) }).objects);

    expect(new Set(wanted.map((one) => JSON.stringify(one)))).toEqual(
      new Set([JSON.stringify([snapshotObject(snapshot)])]),
    );
  });

  it('is never another one in the place of one that was taken and is gone', () => {
    const before = plan({ taken: taken(succeeded) }).status(now);
    const { objects, status } = plan({ taken: undefined }, before);

    expect(objects).toEqual([]);
    expect(told(status(later))).toMatchInlineSnapshot(
      `"Failed SnapshotLost: the VirtualMachineSnapshot of this snapshot has been deleted, and with it what was kept of the Wukong \`press-3\`: delete this WukongSnapshot, and make a new one"`,
    );
    expect(status(later)).toMatchObject({ creationTime: succeeded.creationTime, readyToUse: false });
  });

  it('is nothing any more for one that has failed, whose reason stays', () => {
    const before = plan({ taken: taken({ phase: 'Failed' }) }).status(now);
    const { objects, status } = plan({ taken: undefined }, before);

    expect(objects).toEqual([]);
    expect(status(later)).toEqual(before);
  });
});
