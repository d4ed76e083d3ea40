import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { planRestore } from './plan-restore.ts';
import { content, off, restore, seen, snapshot } from './restore-scene.ts';

describe('a restore is refused', () => {
  const disks = (...names: readonly string[]) => ({ disks: names.map((name) => ({ name, size: '1Gi' })) });
  const held = (volume: string, claim: string): Json => ({
    volumeName: volume,
    persistentVolumeClaim: { metadata: { name: claim } },
  });
  const foreign: KubeObject = {
    ...restore(),
    metadata: { name: restore().metadata.name, namespace: 'plant', uid: 'x' },
    spec: {},
  };

  it.for<[string, Json, Parameters<typeof seen>[0], string]>([
    [
      'a snapshot that is not there',
      {},
      { snapshot: undefined },
      'spec.restoreFromSnapshot: there is no WukongSnapshot `before-upgrade` in this namespace: name one that kubectl get wukongsnapshots shows',
    ],
    [
      'a snapshot that is going',
      {},
      { snapshot: { ...snapshot(), metadata: { ...snapshot().metadata, deletionTimestamp: '2026-11-21T06:00:00Z' } } },
      'spec.restoreFromSnapshot: the WukongSnapshot `before-upgrade` is being deleted: name another one',
    ],
    [
      'a snapshot of another Wukong',
      {},
      { snapshot: { ...snapshot(), spec: { wukongName: 'press-4' } } },
      'spec.restoreFromSnapshot: `before-upgrade` is a snapshot of the Wukong `press-4`, and a machine is only restored from its own; to make disks of it, name the VolumeSnapshots that it made in spec.disks[].source.volumeSnapshot of a new Wukong',
    ],
    [
      'a snapshot that has failed',
      {},
      { snapshot: snapshot({ phase: 'Failed' }) },
      'spec.restoreFromSnapshot: the WukongSnapshot `before-upgrade` has failed and holds nothing to restore: name another one',
    ],
    [
      'a machine that is not there yet',
      {},
      { vm: undefined },
      'spec.restoreFromSnapshot: there is no machine yet whose disks could be put back: take the field out until the machine is there; to make disks of it, name the VolumeSnapshots that it made in spec.disks[].source.volumeSnapshot of a new Wukong',
    ],
    [
      'a machine that is another one',
      {},
      { source: 'm-0' },
      'spec.restoreFromSnapshot: `before-upgrade` was taken of an earlier machine of this name, and KubeVirt does not put it into another; to make disks of it, name the VolumeSnapshots that it made in spec.disks[].source.volumeSnapshot of a new Wukong',
    ],
    [
      'a name that is taken',
      {},
      { restores: [foreign] },
      'spec.restoreFromSnapshot: VirtualMachineRestore press-3-restore-before-upgrade is there already and belongs to something else: delete it first',
    ],
    [
      'a disk on an existing claim',
      { disks: [{ name: 'root', source: { existingClaim: { name: 'old' } } }] },
      {},
      'spec.restoreFromSnapshot: a restore deletes the claims of all disks and makes them anew, and `root` is on an existing claim, which is never deleted: restore it from its VolumeSnapshot by hand',
    ],
    [
      'a disk more than there was',
      disks('root', 'data', 'logs'),
      {},
      'spec.restoreFromSnapshot: the disks of `before-upgrade` are not those of the Wukong (it does not hold the disk `logs`): give the Wukong the disks that it had then, or name another snapshot',
    ],
    [
      'a disk fewer than there was',
      disks('root'),
      {},
      'spec.restoreFromSnapshot: the disks of `before-upgrade` are not those of the Wukong (it holds the disk `data`, which the Wukong does not have): give the Wukong the disks that it had then, or name another snapshot',
    ],
    [
      'other disks',
      disks('root', 'logs'),
      {},
      'spec.restoreFromSnapshot: the disks of `before-upgrade` are not those of the Wukong (it does not hold the disk `logs`; it holds the disk `data`, which the Wukong does not have): give the Wukong the disks that it had then, or name another snapshot',
    ],
    [
      'a disk of another claim',
      {},
      { content: content(held('root', 'press-3-root'), held('data', 'by-hand')) },
      'spec.restoreFromSnapshot: the disks of `before-upgrade` are not those of the Wukong (it holds the disk `data` of another claim): give the Wukong the disks that it had then, or name another snapshot',
    ],
    [
      'a machine that is on',
      { power: 'On' },
      {},
      'spec.restoreFromSnapshot: the machine has to be off while its disks are put back: set spec.power to Off, and back to On once status.restoredFromSnapshot is before-upgrade',
    ],
  ])('for %s', ([, change, about, message]) => {
    const plan = planRestore({ ...off, spec: { ...off.spec, ...change } }, seen(about));

    expect(plan).toMatchObject({ hold: false, objects: [], restored: undefined });
    expect(plan.mistakes).toEqual([{ reason: 'InvalidSpec', message }]);
  });

  it('for nothing that KubeVirt keeps for itself beside the disks', () => {
    const backups = [
      held('root', 'press-3-root'),
      held('data', 'press-3-data'),
      held('persistent-state-for-press-3-vm', 'p'),
    ];

    expect(planRestore(off, seen({ content: content(...backups) })).objects).toHaveLength(1);
  });
});
