import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { Quantity } from '#kube/quantity';
import type { Mistake } from '../plan.ts';
import { type Size, type SizedDisk, sizeAnnotation } from './disk-objects.ts';
import { type Finding, finding } from './finding.ts';
import type { DisksSeen } from './seen.ts';
import { classOf } from './storage-class.ts';

/** How large the claim of a disk is to be, and what there is to tell about that. */
export interface Growth {
  readonly size: Size;
  readonly finding?: Finding;
  readonly mistake?: Mistake;
}

/** Compares what is wished with what the claim requests and has; never with anything that came from the wish itself. */
export function growthOf(
  disk: SizedDisk,
  claim: KubeObject,
  dataVolume: KubeObject | undefined,
  seen: DisksSeen,
): Growth {
  const request = requestOf(claim) ?? disk.size;
  const last = claim.metadata.annotations?.[sizeAnnotation] ?? requestOf(dataVolume) ?? request;
  const same: Size = { request, asked: last };
  // The request of a claim without a volume cannot be changed.
  if (claim['status']?.phase !== 'Bound') return { size: same };
  if (isLess(disk.size, last)) return lowered(disk, claim, same);
  if (!isLess(request, disk.size)) return { size: { request, asked: disk.size }, ...underWay(disk, claim) };
  const hindrance = hindranceOf(disk, claim, seen);
  if (hindrance !== undefined) return { size: same, finding: hindrance };
  return { size: { request: disk.size, asked: disk.size }, finding: finding('Expanding', growing(disk)) };
}

/** `spec.resources.requests.storage`, of a claim or of the claim that a DataVolume asks for. */
function requestOf(object: KubeObject | undefined): string | undefined {
  const spec = object?.['spec'];
  return (spec?.storage ?? spec)?.resources?.requests?.storage;
}

export function capacityOf(claim: KubeObject): string | undefined {
  return claim['status']?.capacity?.storage;
}

export function isLess(one: string, other: string): boolean {
  return (Quantity.read(one)?.value ?? 0n) < (Quantity.read(other)?.value ?? 0n);
}

/** Only what was never granted can be taken back: a request above what the claim has. */
function lowered(disk: SizedDisk, claim: KubeObject, same: Size): Growth {
  const has = capacityOf(claim) ?? same.request;
  // Kubernetes takes a lower request only above the capacity; at the capacity itself the disk has what it asks for.
  if (isLess(has, disk.size))
    return { size: { request: disk.size, asked: disk.size }, finding: finding('Expanding', growing(disk)) };
  if (!isLess(disk.size, has)) return { size: same };
  const message =
    `spec.disks[${disk.name}].size: ${disk.size} is less than the ${has} that the disk has, ` +
    'and a disk never shrinks; set it to at least that';
  return { size: same, mistake: { reason: 'ShrinkRefused', message } };
}

function hindranceOf(disk: SizedDisk, claim: KubeObject, seen: DisksSeen): Finding | undefined {
  const name: string | undefined = claim['spec'].storageClassName;
  if (name === undefined || classOf(claim, seen)?.['allowVolumeExpansion'] !== true) {
    const because =
      name === undefined
        ? 'its claim has no storage class'
        : `the storage class ${name} does not say allowVolumeExpansion: true`;
    const remedy = 'allow that there if its driver can expand volumes, or add a larger disk and move the data';
    return finding('ExpansionUnsupported', `the disk \`${disk.name}\` cannot grow: ${because}; ${remedy}`);
  }
  if (seen.vm?.['status']?.snapshotInProgress === undefined) return undefined;
  return finding('Expanding', `the disk \`${disk.name}\` grows as soon as the snapshot that is under way is taken`);
}

/** A claim that requests more than it has, or whose file system is still to follow. */
function underWay(disk: SizedDisk, claim: KubeObject): { readonly finding?: Finding } {
  const has = capacityOf(claim);
  const isShort = has !== undefined && isLess(has, requestOf(claim) ?? has);
  const conditions: readonly Json[] = claim['status']?.conditions ?? [];
  const set = (type: string) => conditions.find((one) => one.type === type && one.status === 'True');
  const failed = set('ControllerResizeError') ?? set('NodeResizeError');
  if (isShort && failed !== undefined) return { finding: finding('Expanding', failing(disk, has, failed.message)) };
  if (set('FileSystemResizePending') !== undefined)
    return { finding: finding('Expanding', `${growing(disk)}; the rest of it is done while the machine runs`) };
  return isShort || set('Resizing') !== undefined ? { finding: finding('Expanding', growing(disk)) } : {};
}

function growing({ name, size }: SizedDisk): string {
  return `the disk \`${name}\` is growing to ${size}`;
}

function failing({ name, size }: SizedDisk, has: string, message: string | undefined): string {
  const because = message === undefined || message === '' ? 'its driver does not say why' : message;
  const remedy = `make room for it, or set its size back to anything from the ${has} that it has`;
  return `the disk \`${name}\` cannot grow to ${size}: ${because}; ${remedy}`;
}
