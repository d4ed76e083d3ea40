import { describe, expect, it } from 'vitest';
import { planRestore } from './plan-restore.ts';
import { off, seen, snapshot, vm } from './restore-scene.ts';

describe('a restore waits', () => {
  it.for<[string, Parameters<typeof seen>[0], string]>([
    [
      'KubeVirt is there',
      { served: false },
      'MissingDependency: the cluster serves no VirtualMachineRestore: install KubeVirt',
    ],
    [
      'the snapshot is ready',
      { snapshot: snapshot({ phase: 'Creating', readyToUse: false }) },
      'RestorePending: waits until the WukongSnapshot `before-upgrade` is ready to use',
    ],
    [
      'what was kept can be read',
      { content: undefined },
      'RestorePending: waits for the VirtualMachineSnapshotContent of the WukongSnapshot `before-upgrade`',
    ],
    [
      'no snapshot is being taken',
      { vm: vm({ snapshotInProgress: 'nightly' }) },
      'RestorePending: waits until the snapshot nightly has been taken',
    ],
    [
      'the machine is told to be off',
      { vm: vm({}, 'Always') },
      'RestorePending: waits until the machine is off, to restore `before-upgrade`',
    ],
    [
      'its instance is gone',
      { vmi: vm() },
      'RestorePending: waits until the machine is off, to restore `before-upgrade`',
    ],
    [
      'KubeVirt knows how to',
      { outdated: true },
      'MissingDependency: this release of KubeVirt cannot put a snapshot back into the claims that it was taken of (it drops volumeRestorePolicy or volumeOwnershipPolicy of a VirtualMachineRestore): update KubeVirt',
    ],
  ])('until %s, and holds nothing so long', ([, about, message]) => {
    const plan = planRestore(off, seen(about));

    expect(plan).toMatchObject({ hold: false, objects: [], mistakes: [], restored: undefined });
    expect(`${plan.verdict?.reason}: ${plan.verdict?.message}`).toBe(message);
  });
});
