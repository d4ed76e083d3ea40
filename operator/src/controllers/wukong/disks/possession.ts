import type { KubeObject } from '#kube/object';
import { claimName, vmName, type Wukong, type WukongDisk } from '../../../api/wukong.ts';
import { controllerOf, isOf, uidLabel } from '../ownership.ts';
import type { DisksSeen } from './seen.ts';

/** What there is under the name of a disk. */
export interface Possession {
  readonly claim?: KubeObject;
  readonly dataVolume?: KubeObject;
  /** Whether the claim has a controller that is not the Wukong itself. */
  readonly isGuest?: boolean;
  /** The object of that name that belongs to something else. */
  readonly foreign?: KubeObject;
}

/** Names can be ambiguous, so only owner and label tell whose an object is. */
export function possessionOf(wukong: Wukong, disk: WukongDisk, seen: DisksSeen): Possession {
  const name = claimName(wukong, disk);
  const [claim, dataVolume] = [seen.claim(name), seen.dataVolume(name)];
  const { uid } = wukong.metadata;
  if (dataVolume !== undefined && !isOf([uid], dataVolume)) return { foreign: dataVolume };
  if (claim === undefined) return dataVolume === undefined ? {} : { dataVolume };
  if (!isOwnStorage(wukong, claim, [dataVolume, seen.vm])) return { foreign: claim };
  const owner = controllerOf(claim);
  const isGuest = owner !== undefined && owner !== uid;
  return { claim, isGuest, ...(dataVolume === undefined ? {} : { dataVolume }) };
}

/**
 * Whether a claim or DataVolume is ours: by its owner, which may be one of `parents`, or by its label. The label also
 * counts when the owner is our DataVolume or our machine and is not seen, not yet or no longer.
 */
export function isOwnStorage(
  wukong: Wukong,
  object: KubeObject,
  parents: readonly (KubeObject | undefined)[],
): boolean {
  const { uid } = wukong.metadata;
  if (isOf([uid, ...parents.flatMap((one) => one?.metadata.uid ?? [])], object)) return true;
  const isMarked = uid !== undefined && object.metadata.labels?.[uidLabel] === uid;
  return isMarked && (isFill(object) || hasOwner(object, 'VirtualMachine', vmName(wukong)));
}

/** Whether the claim is the one of a DataVolume. */
export function isFill(claim: KubeObject): boolean {
  return hasOwner(claim, 'DataVolume', claim.metadata.name);
}

function hasOwner({ metadata }: KubeObject, kind: string, name: string): boolean {
  return metadata.ownerReferences?.some((one) => one.kind === kind && one.name === name) === true;
}
