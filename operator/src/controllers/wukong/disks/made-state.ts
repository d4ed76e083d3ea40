import type { KubeObject } from '#kube/object';
import { boundState } from './claim-state.ts';
import { copySourceGone } from './copy-source.ts';
import type { SizedDisk } from './disk-objects.ts';
import type { Filling } from './filling.ts';
import { finding } from './finding.ts';
import { type ImportState, importState } from './import-state.ts';
import { isFill, type Possession } from './possession.ts';
import type { DisksSeen } from './seen.ts';

/** How a disk of our own stands of which something is there. */
export function madeState(disk: SizedDisk, filling: Filling, found: Possession, seen: DisksSeen): ImportState {
  const { claim, dataVolume } = found;
  const from = filling.kind === 'filled' ? filling.from : 'its source';
  if (dataVolume === undefined) return claim === undefined ? waits(disk) : unfilled(disk, from, claim, seen);
  if (dataVolume.metadata.deletionTimestamp !== undefined) return waits(disk);
  const state = importState(disk, from, dataVolume);
  const gone = state.passes ? undefined : copySourceGone(disk, filling, seen);
  if (gone !== undefined) return { passes: false, finding: gone };
  if (!state.passes) return state;
  if (claim === undefined) return waits(disk);
  const isGoing = claim.metadata.deletionTimestamp !== undefined;
  return state.finding === undefined || isGoing ? boundState(disk, claim, seen) : state;
}

/** CDI may take a finished DataVolume away: a claim without one is not being filled, unless it names one still. */
function unfilled(disk: SizedDisk, from: string, claim: KubeObject, seen: DisksSeen): ImportState {
  if (!seen.serves.dataVolume || !isFill(claim)) return boundState(disk, claim, seen);
  return { passes: false, finding: finding('Importing', `the disk \`${disk.name}\` is being filled from ${from}`) };
}

function waits({ name }: SizedDisk): ImportState {
  return { passes: false, finding: finding('Provisioning', `the disk \`${name}\` waits for its claim`) };
}
