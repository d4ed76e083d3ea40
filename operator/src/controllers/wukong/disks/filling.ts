import type { Json } from '#kube/json';
import type { Wukong, WukongDisk, WukongSpec } from '../../../api/wukong.ts';
import { withoutCredentials } from './without-credentials.ts';

/** Where the data of a disk comes from. */
export type Filling =
  | { readonly kind: 'empty' }
  | { readonly kind: 'existing'; readonly claim: string; readonly readOnly: boolean }
  | {
      readonly kind: 'filled';
      /** `spec.source` of the DataVolume. */
      readonly source: Json;
      /** For people: `docker://quay.io/a/b:1`, `the claim \`gold\``. */
      readonly from: string;
      /** The claim that it is a copy of. */
      readonly copyOf?: string;
    };

/** The one disk to boot from: the marked one, else the first. */
export function bootDiskOf({ disks }: WukongSpec): WukongDisk | undefined {
  return disks.find(({ boot }) => boot === true) ?? disks[0];
}

export function fillingOf(wukong: Wukong, disk: WukongDisk): Filling {
  const { source } = disk;
  if (source?.existingClaim !== undefined) {
    const { name, readOnly = false } = source.existingClaim;
    return { kind: 'existing', claim: name, readOnly };
  }
  const image = imageOf(wukong.spec, disk);
  if (image !== undefined) return { kind: 'filled', source: imageSource(image), from: withoutCredentials(image) };
  return copied(wukong, disk) ?? fetched(disk) ?? { kind: 'empty' };
}

function imageOf(spec: WukongSpec, disk: WukongDisk): string | undefined {
  const own = disk.image ?? disk.source?.image;
  if (own !== undefined || disk.source !== undefined) return own;
  return disk.name === bootDiskOf(spec)?.name ? spec.osImage : undefined;
}

/** `pullMethod: node` takes the image from the node's own store, which is where an air-gapped site has it. */
function imageSource(image: string): Json {
  if (/^https?:\/\//.test(image)) return { http: { url: image } };
  if (image.startsWith('oci-archive://')) return { registry: { url: image } };
  const url = image.startsWith('docker://') ? image : `docker://${image}`;
  return { registry: { pullMethod: 'node', url } };
}

function copied({ metadata }: Wukong, { source }: WukongDisk): Filling | undefined {
  const where = metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
  if (source?.pvc !== undefined) {
    const { name } = source.pvc;
    return { kind: 'filled', source: { pvc: { name, ...where } }, from: `the claim \`${name}\``, copyOf: name };
  }
  if (source?.volumeSnapshot === undefined) return undefined;
  const { name } = source.volumeSnapshot;
  return { kind: 'filled', source: { snapshot: { name, ...where } }, from: `the volume snapshot \`${name}\`` };
}

function fetched({ source }: WukongDisk): Filling | undefined {
  const { http, s3 } = source ?? {};
  if (http !== undefined) return { kind: 'filled', source: { http: { ...http } }, from: withoutCredentials(http.url) };
  return s3 && { kind: 'filled', source: { s3: { ...s3 } }, from: withoutCredentials(s3.url) };
}
