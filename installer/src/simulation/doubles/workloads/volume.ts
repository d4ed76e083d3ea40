import type { Stage } from '../double.ts';
import { writeStatus } from '../status.ts';
import type { StorageSeen } from './storage-seen.ts';

/** Says whether a volume is available, bound, or released by its claim; a released one is its provisioner's to reclaim. */
export async function syncVolume(stage: Stage, { volumes, claims }: StorageSeen, name: string): Promise<undefined> {
  const volume = volumes.get(name);
  if (volume === undefined || volume.metadata.deletionTimestamp !== undefined) return;
  const { claimRef } = volume['spec'];
  const claim = claimRef && claims.get(claimRef.name, claimRef.namespace);
  const bound = claim !== undefined && (claimRef.uid === undefined || claimRef.uid === claim.metadata.uid);
  // Made for one certain claim that is gone: released, also when that claim never got to have it.
  const phase = bound ? 'Bound' : claimRef?.uid === undefined ? 'Available' : 'Released';
  await writeStatus(stage, volume, { phase });
}
