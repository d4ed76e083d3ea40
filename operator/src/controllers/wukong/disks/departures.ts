import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Wukong } from '../../../api/wukong.ts';
import { heldBy } from '../held-by.ts';
import { uidLabel } from '../ownership.ts';
import { diskLabel, policyLabel } from './disk-objects.ts';
import { isOwnStorage } from './possession.ts';

/** What a Wukong has of storage, whatever its specification says now. */
export interface OwnedStorage {
  /** Claims and DataVolumes with its labels; those of others among them are left alone. */
  readonly claims: readonly KubeObject[];
  readonly dataVolumes: readonly KubeObject[];
  readonly vm: KubeObject | undefined;
  readonly vmi: KubeObject | undefined;
}

/** What becomes of storage that is no longer wanted. */
export interface Departure {
  /** To be deleted; a DataVolume takes its claim along. */
  readonly remove: readonly KubeObject[];
  /** To be kept, and to belong to nobody. */
  readonly release: readonly Release[];
  /** Disks that cannot go yet, and why. */
  readonly waits: readonly string[];
}

export interface Release {
  readonly object: KubeObject;
  /** A JSON merge patch of its metadata. */
  readonly patch: Json;
}

/** The disks that have left the specification: each goes once neither machine nor instance holds it. */
export function removedClaims(wukong: Wukong, storage: OwnedStorage): Departure {
  const wanted = new Set(wukong.spec.disks.filter(({ source }) => source?.existingClaim === undefined).map(nameOf));
  const gone = ownedBy(wukong, storage).filter((object) => !wanted.has(diskOf(object)));
  const held = gone.filter((object) => holds(storage, object.metadata.name));
  const free = gone.filter((object) => !held.includes(object));
  const names = [...new Set(held.map(diskOf))];
  const waits = names.map((name) => `the disk \`${name}\` goes once the machine has let go of it`);
  return { ...departing(wukong, free), waits };
}

/** All disks, when the Wukong itself goes: to be released before the machine is deleted, and removed after that. */
export function lastClaims(wukong: Wukong, storage: OwnedStorage): Departure {
  const { remove, release } = departing(wukong, ownedBy(wukong, storage));
  const going = remove.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
  const waits = going.map((one) => `the disk \`${diskOf(one)}\` is still being deleted${heldBy(one)}`);
  return { remove: remove.filter((object) => !going.includes(object)), release, waits };
}

/**
 * Disks to be kept that still have an owner with which they would go: the Wukong, from before they were to be kept,
 * or the machine, to which a restore gives them. Applying adds owners, but takes none away that were there at creation.
 */
export function ownersToDrop(wukong: Wukong, storage: OwnedStorage): readonly Release[] {
  const kept = ownedBy(wukong, storage).filter((object) => isKept(wukong, object));
  return kept.flatMap((object) => {
    const left = ownersLeft(object, [wukong.metadata.uid, storage.vm?.metadata.uid]);
    if (left.length === (object.metadata.ownerReferences ?? []).length) return [];
    const labels = { [uidLabel]: wukong.metadata.uid, [policyLabel]: 'Retain' };
    return [{ object, patch: { metadata: { labels, ownerReferences: left } } }];
  });
}

function departing(wukong: Wukong, objects: readonly KubeObject[]): Pick<Departure, 'remove' | 'release'> {
  const kept = objects.filter((object) => isKept(wukong, object));
  const unwanted = objects.filter((object) => !kept.includes(object));
  const makers = new Set(unwanted.filter(({ kind }) => kind === 'DataVolume').map(({ metadata }) => metadata.uid));
  return {
    remove: unwanted.filter(({ metadata }) => !metadata.ownerReferences?.some(({ uid }) => makers.has(uid))),
    release: kept.map((object) => ({ object, patch: freed(wukong, object) })),
  };
}

function freed(wukong: Wukong, object: KubeObject): Json {
  const ownerReferences = (object.metadata.ownerReferences ?? []).filter(
    ({ kind, uid }) => uid !== wukong.metadata.uid && kind !== 'VirtualMachine',
  );
  return { metadata: { labels: { [uidLabel]: null }, ownerReferences } };
}

function ownersLeft({ metadata }: KubeObject, gone: readonly (string | undefined)[]) {
  return (metadata.ownerReferences ?? []).filter(({ uid }) => !gone.includes(uid));
}

/** As the specification says while it still knows the disk, else as the disk itself remembers. */
function isKept(wukong: Wukong, object: KubeObject): boolean {
  const disk = wukong.spec.disks.find(({ name }) => name === diskOf(object));
  if (disk !== undefined) return disk.deletePolicy === 'Retain';
  return object.metadata.labels?.[policyLabel] === 'Retain';
}

/** DataVolumes first; a claim is ours by itself, or because its DataVolume or its machine is. */
function ownedBy(wukong: Wukong, { claims, dataVolumes, vm }: OwnedStorage): readonly KubeObject[] {
  const fills = dataVolumes.filter((one) => isOwnStorage(wukong, one, []));
  const own = claims.filter((one) => isOwnStorage(wukong, one, [vm, ...fills]));
  return [...fills, ...own].filter((one) => diskOf(one) !== '');
}

function diskOf({ metadata }: KubeObject): string {
  return metadata.labels?.[diskLabel] ?? '';
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}

/** Whether the machine wants the claim, or its instance still has it. */
function holds({ vm, vmi }: OwnedStorage, claim: string): boolean {
  const wanted: readonly Json[] = vm?.['spec']?.template?.spec?.volumes ?? [];
  const used: readonly Json[] = vmi?.['spec']?.volumes ?? [];
  const status: readonly Json[] = vmi?.['status']?.volumeStatus ?? [];
  return (
    [...wanted, ...used].some((one) => one.persistentVolumeClaim?.claimName === claim) ||
    status.some((one) => one.persistentVolumeClaimInfo?.claimName === claim)
  );
}
