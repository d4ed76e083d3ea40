import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { claimName, group, type Wukong, type WukongDisk } from '../../../api/wukong.ts';
import { childMeta } from '../child-meta.ts';
import { uidLabel } from '../ownership.ts';
import { type ClaimModes, modesFor } from './storage-class.ts';

export const diskLabel = 'vm.novasphere.dev/disk';
/** Also of a disk that is no longer in the specification its policy has to be known. */
export const policyLabel = 'vm.novasphere.dev/delete-policy';
/** The size last asked for: claims are rounded up, so what a claim requests does not tell. */
export const sizeAnnotation = 'vm.novasphere.dev/size';

/** How large a claim is to be. */
export interface Size {
  /** `spec.resources.requests.storage`. */
  readonly request: string;
  /** The size of the disk as it was last granted; the request may be larger. */
  readonly asked: string;
}

/** A disk whose size is known, as every disk that is made here. */
export type SizedDisk = WukongDisk & { readonly size: string };

/** Metadata of a claim or DataVolume. One to be retained names no owner, which would take it away with the Wukong. */
export function diskMeta(wukong: Wukong, disk: SizedDisk): KubeObject['metadata'] {
  const { deletePolicy = 'Delete' } = disk;
  const { ownerReferences = [], ...meta } = childMeta(wukong, claimName(wukong, disk), {
    [diskLabel]: disk.name,
    [policyLabel]: deletePolicy,
    [uidLabel]: wukong.metadata.uid ?? '',
  });
  const owners = deletePolicy === 'Retain' ? {} : { ownerReferences };
  return { ...meta, annotations: { [sizeAnnotation]: disk.size }, ...owners };
}

/** An empty claim to be made. */
export function newClaim(
  wukong: Wukong,
  disk: SizedDisk,
  at: { readonly storageClass: string; readonly profile: KubeObject | undefined },
): KubeObject {
  return claimObject(diskMeta(wukong, disk), modesFor(disk, at.profile), at.storageClass, disk.size);
}

/** The same claim once it is there: what cannot be changed stays as it is, whatever the class has come to say. */
export function standingClaim(wukong: Wukong, disk: SizedDisk, live: KubeObject, size: Size): KubeObject {
  const { accessModes, volumeMode = 'Filesystem', storageClassName } = live['spec'];
  const meta = recorded(diskMeta(wukong, disk), size);
  return claimObject(meta, { accessModes, volumeMode }, storageClassName, size.request);
}

function claimObject(
  metadata: KubeObject['metadata'],
  { accessModes, volumeMode }: ClaimModes,
  storageClass: string | undefined,
  storage: string,
): KubeObject {
  const named = storageClass === undefined ? {} : { storageClassName: storageClass };
  const spec = { accessModes, ...named, resources: { requests: { storage } }, volumeMode };
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec };
}

/**
 * Our labels, size and request of a claim that has another controller: the DataVolume that it came from, or the machine
 * since a restore. Its owners are none of our business, and who manages it is said by CDI.
 */
export function guestClaim(wukong: Wukong, disk: SizedDisk, size: Size): KubeObject {
  const { ownerReferences: _owner, labels = {}, ...meta } = recorded(diskMeta(wukong, disk), size);
  const own = Object.entries(labels).filter(([name]) => name.startsWith(`${group}/`));
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { ...meta, labels: Object.fromEntries(own) },
    spec: { resources: { requests: { storage: size.request } } },
  };
}

function recorded(meta: KubeObject['metadata'], { asked }: Size): KubeObject['metadata'] {
  return { ...meta, annotations: { [sizeAnnotation]: asked } };
}

/** Made once; its specification can never be changed. */
export function newDataVolume(wukong: Wukong, disk: SizedDisk, source: Json, storageClass: string): KubeObject {
  const { accessModes, volumeMode } = disk;
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: diskMeta(wukong, disk),
    spec: {
      source,
      storage: {
        ...(accessModes === undefined ? {} : { accessModes }),
        resources: { requests: { storage: disk.size } },
        storageClassName: storageClass,
        ...(volumeMode === undefined ? {} : { volumeMode }),
      },
    },
  };
}

/** The metadata of a DataVolume that is there; its specification is sent along just as it is. */
export function standingDataVolume(wukong: Wukong, disk: SizedDisk, live: KubeObject): KubeObject {
  const { annotations: _size, ...metadata } = diskMeta(wukong, disk);
  return { apiVersion: live.apiVersion, kind: live.kind, metadata, spec: live['spec'] };
}
