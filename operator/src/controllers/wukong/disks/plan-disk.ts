import type { KubeObject } from '#kube/object';
import { claimName, type VolumeStatus, type Wukong, type WukongDisk } from '../../../api/wukong.ts';
import type { Mistake } from '../plan.ts';
import { type Growth, growthOf } from './claim-size.ts';
import { diskMistakes } from './disk-mistakes.ts';
import { guestClaim, policyLabel, type SizedDisk, standingClaim, standingDataVolume } from './disk-objects.ts';
import { existingState } from './existing-claim.ts';
import { type Filling, fillingOf } from './filling.ts';
import { type Finding, finding } from './finding.ts';
import { firstObject } from './first-object.ts';
import { madeState } from './made-state.ts';
import { type Possession, possessionOf } from './possession.ts';
import type { DisksSeen } from './seen.ts';
import { volumeStatus } from './volume-status.ts';

/** What one disk wants. */
export interface DiskPlan {
  readonly disk: WukongDisk;
  readonly filling: Filling;
  readonly objects: readonly KubeObject[];
  readonly status: VolumeStatus;
  /** Whether a machine may be made on it. */
  readonly passes: boolean;
  readonly finding?: Finding;
  readonly mistakes: readonly Mistake[];
}

export function planDisk(wukong: Wukong, disk: WukongDisk, seen: DisksSeen): DiskPlan {
  const filling = fillingOf(wukong, disk);
  const mistakes = diskMistakes(wukong, disk, filling);
  const about = { disk, filling, objects: [], mistakes };
  if (filling.kind === 'existing') {
    const status = volumeStatus(disk.name, filling.claim, seen.claim(filling.claim), seen.dataVolume(filling.claim));
    return { ...about, status, ...existingState(wukong, disk, filling, seen) };
  }
  const found = possessionOf(wukong, disk, seen);
  const status = volumeStatus(disk.name, claimName(wukong, disk), found.claim, found.dataVolume);
  if (found.foreign !== undefined) return { ...about, status, passes: false, finding: taken(disk, found.foreign) };
  const { size } = disk;
  if (size === undefined || mistakes.length > 0) return { ...about, status, passes: false };
  const work =
    found.claim === undefined && found.dataVolume === undefined
      ? firstObject(wukong, { ...disk, size }, filling, seen)
      : made(wukong, { ...disk, size }, filling, found, seen);
  return { ...about, status, ...work };
}

function taken(disk: WukongDisk, { kind, metadata }: KubeObject): Finding {
  const message =
    `the disk \`${disk.name}\` cannot be made: ${kind} ${metadata.name} is there already and belongs to something ` +
    'else; delete that, give the disk another name, or use the claim as it is by source.existingClaim';
  return finding('NameConflict', message);
}

type Work = Pick<DiskPlan, 'objects' | 'passes' | 'finding'> & { readonly mistakes?: readonly Mistake[] };

function made(wukong: Wukong, disk: SizedDisk, filling: Filling, found: Possession, seen: DisksSeen): Work {
  const state = madeState(disk, filling, found, seen);
  const { claim, dataVolume } = found;
  const marked = dataVolume === undefined ? [] : remarked(wukong, disk, dataVolume);
  if (!state.passes || claim === undefined) return { ...state, objects: marked };
  const growth = growthOf(disk, claim, dataVolume, seen);
  const told = state.finding ?? growth.finding;
  return {
    objects: [...marked, claimNow(wukong, disk, claim, found, growth)],
    passes: true,
    ...(told === undefined ? {} : { finding: told }),
    ...(growth.mistake === undefined ? {} : { mistakes: [growth.mistake] }),
  };
}

function claimNow(wukong: Wukong, disk: SizedDisk, live: KubeObject, { isGuest }: Possession, { size }: Growth) {
  return isGuest === true ? guestClaim(wukong, disk, size) : standingClaim(wukong, disk, live, size);
}

/** Its metadata alone may change, and it is touched only for that: when the disk is to be kept, or no longer. */
function remarked(wukong: Wukong, disk: SizedDisk, dataVolume: KubeObject): readonly KubeObject[] {
  const { deletionTimestamp, labels } = dataVolume.metadata;
  if (deletionTimestamp !== undefined || labels?.[policyLabel] === (disk.deletePolicy ?? 'Delete')) return [];
  return [standingDataVolume(wukong, disk, dataVolume)];
}
