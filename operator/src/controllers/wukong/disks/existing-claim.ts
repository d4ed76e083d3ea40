import type { KubeObject } from '#kube/object';
import { claimName, type Wukong, type WukongDisk } from '../../../api/wukong.ts';
import { capacityOf, isLess } from './claim-size.ts';
import { boundState } from './claim-state.ts';
import { type Filling, fillingOf } from './filling.ts';
import { type Finding, finding } from './finding.ts';
import { importState } from './import-state.ts';
import { diskClaims } from './keys.ts';
import type { DisksSeen } from './seen.ts';

export type ExistingClaim = Extract<Filling, { readonly kind: 'existing' }>;

/** A claim that the user made: looked at, and never touched. */
export function existingState(
  wukong: Wukong,
  disk: WukongDisk,
  existing: ExistingClaim,
  seen: DisksSeen,
): { readonly passes: boolean; readonly finding?: Finding } {
  const claim = seen.claim(existing.claim);
  const uses = `the disk \`${disk.name}\` uses the claim \`${existing.claim}\``;
  if (claim === undefined || claim.metadata.deletionTimestamp !== undefined) {
    const state = claim === undefined ? 'is not there' : 'is being deleted';
    const remedy = `create it, or name another in spec.disks[${disk.name}].source.existingClaim`;
    return { passes: false, finding: finding('ClaimNotFound', `${uses}, which ${state}; ${remedy}`) };
  }
  const rival = rivalOf(wukong, claim, existing, seen);
  if (rival !== undefined) return { passes: false, finding: finding('NameConflict', occupied(uses, rival)) };
  const dataVolume = seen.dataVolume(existing.claim);
  const filled = dataVolume === undefined ? undefined : importState(disk, 'its own source', dataVolume);
  if (filled !== undefined && !filled.passes) return filled;
  const state = boundState(disk, claim, seen);
  return state.finding === undefined ? { ...state, ...tooSmall(disk, uses, claim) } : state;
}

function occupied(uses: string, rival: string): string {
  return `${uses}, which one machine at a time can have, and the Wukong \`${rival}\` has it; take it away there, or use a claim that is ReadWriteMany`;
}

/** The Wukong that has the claim before this one: whoever made it, else the oldest. */
function rivalOf(wukong: Wukong, claim: KubeObject, existing: ExistingClaim, seen: DisksSeen): string | undefined {
  const modes: readonly string[] = claim['spec']?.accessModes ?? [];
  if (modes.includes('ReadWriteMany') || (existing.readOnly && modes.includes('ReadOnlyMany'))) return undefined;
  const others = seen
    .claimUsers(existing.claim)
    .filter((one) => one.metadata.uid !== wukong.metadata.uid && diskClaims(one).includes(existing.claim));
  const [first] = others.filter((one) => makes(one, existing.claim) || isOlder(one, wukong)).toSorted(byAge);
  return first?.metadata.name;
}

function makes(wukong: Wukong, claim: string): boolean {
  return wukong.spec.disks.some(
    (disk) => claimName(wukong, disk) === claim && fillingOf(wukong, disk).kind !== 'existing',
  );
}

function isOlder(one: Wukong, other: Wukong): boolean {
  return byAge(one, other) < 0;
}

function byAge(one: Wukong, other: Wukong): number {
  const key = ({ metadata }: Wukong) => `${metadata.creationTimestamp ?? ''} ${metadata.uid ?? ''}`;
  return key(one) < key(other) ? -1 : 1;
}

function tooSmall(disk: WukongDisk, uses: string, claim: KubeObject): { readonly finding?: Finding } {
  const has = capacityOf(claim);
  if (disk.size === undefined || has === undefined || !isLess(has, disk.size)) return {};
  const message = `${uses}, which has ${has} and not ${disk.size}; it is yours, so grow the claim itself`;
  return { finding: finding('ExpansionUnsupported', message) };
}
