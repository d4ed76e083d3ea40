import type { Json } from '#kube/json';
import { kindPath, pathOf } from '../kube-path.ts';
import { claimPath, VOLUME_SNAPSHOT_API } from './snapshot-terms.ts';
import { isInPlace, machineOwner, restoredClaim, restoredName, wears } from './vm-restore-objects.ts';
import type { Snapshots } from './vm-snapshots.ts';

export interface Restoring {
  readonly restore: Json;
  readonly content: Json;
  readonly target: Json;
}

/**
 * Each claim is deleted and made anew under the same name, all at their own pace. Answers `status.restores` as long as
 * anything is to be done or waited for, a sentence when it cannot go on, and nothing when every claim is there.
 */
export async function restoreClaims(
  about: Snapshots,
  restoring: Restoring,
): Promise<readonly Json[] | string | undefined> {
  const { restore, content } = restoring;
  const backups: readonly Json[] = content.spec.volumeBackups ?? [];
  const known: readonly Json[] = restore.status.restores ?? [];
  if (known.length < backups.length)
    return backups.map((backup) => ({
      volumeName: backup.volumeName,
      persistentVolumeClaim: restoredName(restore, backup),
      volumeSnapshotName: backup.volumeSnapshotName,
    }));
  let isBusy = false;
  const restores: Json[] = [];
  for (const one of known) {
    const backup = backups.find(({ volumeName }) => volumeName === one.volumeName);
    const step = await restoreClaim(about, restoring, one, backup);
    if (typeof step === 'string') return step;
    isBusy ||= step.isBusy;
    restores.push(step.volume);
  }
  return isBusy ? restores : undefined;
}

interface Step {
  readonly isBusy: boolean;
  readonly volume: Json;
}

async function restoreClaim(
  about: Snapshots,
  restoring: Restoring,
  volume: Json,
  backup: Json,
): Promise<Step | string> {
  const { stage } = about;
  const { restore } = restoring;
  const claim: Json = await stage.api.get(claimPath(restore.metadata.namespace, volume.persistentVolumeClaim));
  if (claim === undefined) return make(about, restoring, volume, backup);
  if (isInPlace(restore) && !wears(claim, restore)) return clear(about, restore, volume, claim);
  const phase = claim.status?.phase ?? 'Pending';
  if (phase === 'Bound') return { isBusy: false, volume };
  if (phase !== 'Pending') return `PVC ${claim.metadata.namespace}/${claim.metadata.name} in status "${phase}"`;
  const storageClass: Json = about.shelves.classes.get(claim.spec.storageClassName ?? '');
  return { isBusy: storageClass?.volumeBindingMode !== 'WaitForFirstConsumer', volume };
}

/** The DataVolume that made the claim is told not to make another one. */
async function clear({ stage }: Snapshots, restore: Json, volume: Json, claim: Json): Promise<Step> {
  const { namespace } = claim.metadata;
  const owner: Json = claim.metadata.ownerReferences?.find((one: Json) => one.controller === true);
  const dataVolume: string | undefined = owner?.kind === 'DataVolume' ? owner.name : undefined;
  if (dataVolume !== undefined) {
    const annotations = {
      'restore.kubevirt.io/name': restore.metadata.name,
      'cdi.kubevirt.io/storage.prePopulated': 'true',
    };
    await stage.api.patch(`${kindPath('cdi.kubevirt.io/v1beta1', 'DataVolume', namespace)}/${dataVolume}`, {
      metadata: { annotations },
    });
  }
  if (claim.metadata.deletionTimestamp === undefined) await stage.api.remove(pathOf(claim));
  return { isBusy: true, volume: { ...volume, ...(dataVolume && { dataVolumeName: dataVolume }) } };
}

async function make(
  { stage, disks }: Snapshots,
  { restore, content, target }: Restoring,
  volume: Json,
  backup: Json,
): Promise<Step | string> {
  const { namespace } = restore.metadata;
  const taken: Json = await stage.api.get(
    `${kindPath(VOLUME_SNAPSHOT_API, 'VolumeSnapshot', namespace)}/${volume.volumeSnapshotName}`,
  );
  if (taken === undefined) return `missing volumeSnapshot ${volume.volumeSnapshotName}`;
  const claim = restoredClaim(restore, content, backup, taken);
  if (volume.dataVolumeName !== undefined)
    claim.metadata.annotations['cdi.kubevirt.io/storage.populatedFor'] = volume.dataVolumeName;
  else if (restore.spec.volumeOwnershipPolicy !== 'None') claim.metadata.ownerReferences = [machineOwner(target)];
  const made = await stage.api.create(claim);
  const written = disks.get(taken.metadata.uid);
  if (written === undefined) disks.delete(made.metadata.uid ?? '');
  else disks.set(made.metadata.uid ?? '', written);
  return { isBusy: true, volume };
}
