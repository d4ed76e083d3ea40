import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Wukong } from '../../api/wukong.ts';
import type { WukongSnapshot, WukongSnapshotStatus } from '../../api/wukong-snapshot.ts';
import { planSnapshot } from './plan-snapshot.ts';
import type { SnapshotSeen } from './seen.ts';
import { snapshotObject } from './snapshot-object.ts';

const now = '2026-11-21T06:00:00Z';
const later = '2026-11-21T07:00:00Z';
const snapshot: WukongSnapshot = {
  apiVersion: 'vm.novasphere.dev/v1alpha1',
  kind: 'WukongSnapshot',
  metadata: { name: 'before-upgrade', namespace: 'plant', uid: 's-1', generation: 1 },
  spec: { wukongName: 'press-3' },
};
const wukong: Wukong = {
  apiVersion: 'vm.novasphere.dev/v1alpha1',
  kind: 'Wukong',
  metadata: { name: 'press-3', namespace: 'plant', uid: 'w-1' },
  spec: { cpu: 1, memory: '1Gi', disks: [{ name: 'root', size: '1Gi' }] },
};
const machine = (status: Json = {}): KubeObject => ({
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: { name: 'press-3-vm', namespace: 'plant', uid: 'm-1' },
  status,
});
const taken = (status: Json): KubeObject => ({ ...snapshotObject(snapshot), status });
const volume = (size: string | undefined): KubeObject => ({
  apiVersion: 'snapshot.storage.k8s.io/v1',
  kind: 'VolumeSnapshot',
  metadata: { name: 'v' },
  status: size === undefined ? {} : { restoreSize: size },
});
const whole: SnapshotSeen = { served: true, wukong, vm: machine(), taken: undefined, volumeSnapshots: [] };
const plan = (seen: Partial<SnapshotSeen>, status?: WukongSnapshotStatus) =>
  planSnapshot(status === undefined ? snapshot : { ...snapshot, status }, { ...whole, ...seen });
const told = (status: WukongSnapshotStatus) => {
  const ready = status.conditions.find(({ type }) => type === 'Ready');
  return `${status.phase} ${ready?.reason}: ${ready?.message}`;
};

const succeeded = {
  phase: 'Succeeded',
  readyToUse: true,
  sourceUID: 'm-1',
  creationTime: '2026-11-21T05:59:58Z',
  snapshotVolumes: { includedVolumes: ['root', 'data'], excludedVolumes: ['cloudinitdisk'] },
};

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

describe('the status of a WukongSnapshot', () => {
  it('has everything about the point in time', () => {
    const status = plan({
      taken: taken({ ...succeeded, indications: ['NoGuestAgent', 'Online'] }),
      volumeSnapshots: [volume('10Gi'), volume('512Mi')],
    }).status(now);

    expect(status).toMatchInlineSnapshot(`
      {
        "conditions": [
          {
            "lastTransitionTime": "2026-11-21T06:00:00Z",
            "message": "the snapshot can be restored; it was taken without a guest agent: the disks are as after a power cut",
            "observedGeneration": 1,
            "reason": "SnapshotReady",
            "status": "True",
            "type": "Ready",
          },
          {
            "lastTransitionTime": "2026-11-21T06:00:00Z",
            "message": "the snapshot can be restored; it was taken without a guest agent: the disks are as after a power cut",
            "observedGeneration": 1,
            "reason": "SnapshotReady",
            "status": "False",
            "type": "Progressing",
          },
        ],
        "creationTime": "2026-11-21T05:59:58Z",
        "excludedVolumes": [],
        "includedVolumes": [
          "data",
          "root",
        ],
        "indications": [
          "NoGuestAgent",
          "Online",
        ],
        "observedGeneration": 1,
        "phase": "Succeeded",
        "readyToUse": true,
        "restoreSize": "10752Mi",
        "snapshotName": "before-upgrade",
        "sourceUID": "m-1",
      }
    `);
  });

  it('says nothing of the size before the storage has told it of every disk', () => {
    const sizes = (...all: readonly (string | undefined)[]) =>
      plan({ taken: taken(succeeded), volumeSnapshots: all.map(volume) }).status(now).restoreSize;

    expect([sizes(), sizes('1Gi', undefined), sizes('1000', '24'), sizes('1', '2')]).toEqual([
      undefined,
      undefined,
      '1Ki',
      '3',
    ]);
  });

  it('keeps the time of a condition that has not turned over, and its size', () => {
    const first = plan({ taken: taken({ phase: 'InProgress' }) }).status(now);
    const second = plan({ taken: taken(succeeded), volumeSnapshots: [volume('1Gi')] }, first).status(later);
    const third = plan({ taken: taken(succeeded) }, second).status('2026-11-21T08:00:00Z');

    expect(first.conditions.map((one) => one.lastTransitionTime)).toEqual([now, now]);
    expect(second.conditions.map((one) => one.lastTransitionTime)).toEqual([later, later]);
    expect(third).toEqual(second);
  });

  it('stays with the machine that it was made of, when another one has come to have its name', () => {
    const first = plan({ taken: taken(succeeded) }).status(now);

    expect(plan({ taken: taken({ ...succeeded, sourceUID: 'm-2' }) }, first).status(later).sourceUID).toBe('m-1');
  });

  it('tells what KubeVirt refused, unless the snapshot is there already', () => {
    const message = 'VirtualMachineSnapshot before-upgrade: snapshot feature gate not enabled';
    const trouble = { kind: 'VirtualMachineSnapshot', terminal: true, reason: 'ApplyFailed', message } as const;

    expect(told(plan({}).status(now, trouble))).toBe(`Pending ApplyFailed: ${message}`);
    expect(plan({ taken: taken(succeeded) }).status(now, trouble).phase).toBe('Succeeded');
  });
});
