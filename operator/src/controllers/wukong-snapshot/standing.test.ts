import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { WukongSnapshot } from '../../api/wukong-snapshot.ts';
import { snapshotObject } from './snapshot-object.ts';
import { standingOf } from './standing.ts';

const snapshot: WukongSnapshot = {
  apiVersion: 'vm.novasphere.dev/v1alpha1',
  kind: 'WukongSnapshot',
  metadata: { name: 'before-upgrade', namespace: 'plant', uid: 's-1', generation: 1 },
  spec: { wukongName: 'press-3' },
};
const succeeded = {
  phase: 'Succeeded',
  readyToUse: true,
  snapshotVolumes: { includedVolumes: ['root', 'data'], excludedVolumes: ['cloudinitdisk'] },
};

describe('the standing of a snapshot', () => {
  it.for<[string, Json, string]>([
    ['not noticed yet', undefined, 'Creating SnapshotInProgress: the snapshot is being taken'],
    [
      'being taken',
      { phase: 'InProgress', conditions: [{ type: 'Progressing', status: 'True', reason: 'Source locked' }] },
      'Creating SnapshotInProgress: the snapshot is being taken',
    ],
    [
      'waiting for a claim',
      {
        phase: 'InProgress',
        conditions: [
          {
            type: 'Progressing',
            status: 'False',
            reason: 'Source not locked source plant/press-3-vm volume not bound: press-3-root',
          },
        ],
      },
      'Creating SnapshotInProgress: the snapshot is being taken; KubeVirt says: Source not locked source plant/press-3-vm volume not bound: press-3-root',
    ],
    [
      'in trouble',
      { phase: 'InProgress', error: { message: 'VolumeSnapshot v error: no space left' } },
      'Creating SnapshotInProgress: the snapshot is being taken; KubeVirt reports an error and tries again: VolumeSnapshot v error: no space left',
    ],
    [
      'kept, and still being stored',
      { ...succeeded, readyToUse: false },
      'Creating SnapshotInProgress: the disks have been kept; the storage is still storing them',
    ],
    [
      'ready',
      succeeded,
      'Succeeded SnapshotReady: the snapshot can be restored; it was taken while the machine was off',
    ],
    [
      'ready, of a running machine',
      { ...succeeded, indications: ['NoGuestAgent', 'Online'] },
      'Succeeded SnapshotReady: the snapshot can be restored; it was taken without a guest agent: the disks are as after a power cut',
    ],
    [
      'ready, with a guest agent',
      { ...succeeded, indications: ['GuestAgent', 'Online'] },
      'Succeeded SnapshotReady: the snapshot can be restored; it was taken with the file systems of the guest held still',
    ],
    [
      'ready, of a guest that moved',
      { ...succeeded, indications: ['GuestAgent', 'Online', 'QuiesceTimeout'] },
      'Succeeded SnapshotReady: the snapshot can be restored; it was taken while the guest did not keep still long enough: the disks are as after a power cut',
    ],
    [
      'ready, of a paused machine',
      { ...succeeded, indications: ['Online', 'Paused'] },
      'Succeeded SnapshotReady: the snapshot can be restored; it was taken while the machine was paused: the disks are as after a power cut',
    ],
    [
      'without the disks',
      { ...succeeded, snapshotVolumes: { excludedVolumes: ['root', 'data', 'cloudinitdisk'] } },
      'Failed VolumesExcluded: `data`, `root` could not be kept, because there is no VolumeSnapshotClass for the storage: make one for the provisioner of the storage class, or use storage that has snapshots; then delete this WukongSnapshot, and make a new one',
    ],
    [
      'too late',
      { phase: 'Failed', conditions: [{ type: 'Failure', status: 'True', reason: 'snapshot deadline exceeded' }] },
      'Failed DeadlineExceeded: the snapshot was not taken within 5m: delete this WukongSnapshot, see to the storage, and make a new one, with a longer failureDeadline where the disks are large',
    ],
    [
      'too late, because of the storage',
      {
        phase: 'Failed',
        error: { message: 'VolumeSnapshot v error: no space left' },
        conditions: [{ type: 'Failure', status: 'True', reason: 'snapshot deadline exceeded' }],
      },
      'Failed DeadlineExceeded: the snapshot was not taken within 5m (VolumeSnapshot v error: no space left): delete this WukongSnapshot, see to the storage, and make a new one, with a longer failureDeadline where the disks are large',
    ],
    [
      'failed otherwise',
      { phase: 'Failed' },
      'Failed SnapshotFailed: KubeVirt has failed: it does not say why; delete this WukongSnapshot, and make a new one',
    ],
    [
      'spoilt',
      { ...succeeded, readyToUse: false, error: { message: 'VolumeSnapshots (v) missing' } },
      'Failed SnapshotUnusable: what was kept cannot be used: VolumeSnapshots (v) missing; delete this WukongSnapshot, and make a new one',
    ],
  ])('tells of one that is %s', ([, status, told]) => {
    const { phase, reason, message } = standingOf(snapshot, { ...snapshotObject(snapshot), status });

    expect(`${phase} ${reason}: ${message}`).toBe(told);
  });
});
