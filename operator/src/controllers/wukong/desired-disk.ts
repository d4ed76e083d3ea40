import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { Quantity } from '#kube/quantity';
import { claimName, type Wukong, type WukongDisk } from '../../api/wukong.ts';
import { childMeta } from './child-meta.ts';
import type { Observed } from './observe.ts';

/** What should exist for one disk: an empty claim, or a DataVolume that fills one. */
export function desiredDisk(wukong: Wukong, disk: WukongDisk, observed: Observed): readonly KubeObject[] {
  const claim = observed.claims.get(disk.name);
  if (disk.image === undefined) return [emptyClaim(wukong, disk, claim)];
  if (claim !== undefined) return isSmaller(requested(claim), disk.size) ? [grown(claim, disk.size)] : [];
  // The spec of a DataVolume cannot be changed: it is made once, and afterwards left alone.
  return observed.dataVolumes.has(disk.name) ? [] : [dataVolume(wukong, disk, disk.image)];
}

function requested(claim: KubeObject | undefined): string | undefined {
  return claim?.['spec']?.resources?.requests?.storage;
}

function isSmaller(one: string | undefined, other: string): boolean {
  return (Quantity.read(one ?? '0')?.value ?? 0n) < (Quantity.read(other)?.value ?? 0n);
}

/** Only the size of a claim that somebody else made: the DataVolume that it came from cannot be changed. */
function grown({ apiVersion, kind, metadata }: KubeObject, storage: string): KubeObject {
  const { name, namespace } = metadata;
  const where = namespace === undefined ? {} : { namespace };
  return { apiVersion, kind, metadata: { name, ...where }, spec: { resources: { requests: { storage } } } };
}

function emptyClaim(wukong: Wukong, disk: WukongDisk, live: KubeObject | undefined): KubeObject {
  const has = requested(live);
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: childMeta(wukong, claimName(wukong, disk), { 'vm.novasphere.dev/disk': disk.name }),
    spec: {
      accessModes: ['ReadWriteOnce'],
      volumeMode: 'Block',
      ...classOf(disk),
      // A claim that somebody has grown is not asked to shrink: it cannot.
      resources: { requests: { storage: has === undefined || isSmaller(has, disk.size) ? disk.size : has } },
    },
  };
}

function dataVolume(wukong: Wukong, disk: WukongDisk, image: string): KubeObject {
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: childMeta(wukong, claimName(wukong, disk), { 'vm.novasphere.dev/disk': disk.name }),
    spec: { source: sourceOf(image), storage: { ...classOf(disk), resources: { requests: { storage: disk.size } } } },
  };
}

/** `pullMethod: node` takes the image from the node's own store, which is where an air-gapped site has it. */
function sourceOf(image: string): Json {
  if (/^https?:/.test(image)) return { http: { url: image } };
  if (image.startsWith('oci-archive://')) return { registry: { url: image } };
  return { registry: { url: image.startsWith('docker://') ? image : `docker://${image}`, pullMethod: 'node' } };
}

function classOf(disk: WukongDisk): Json {
  return disk.storageClassName === undefined ? {} : { storageClassName: disk.storageClassName };
}
