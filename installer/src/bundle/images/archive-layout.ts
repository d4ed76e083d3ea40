import type { Architecture } from '#catalog/catalog';
import { blobsOf, ociIndex, sizeOf } from './manifest.ts';
import type { StoredImage } from './stored-image.ts';

/** What an archive holds beside `oci-layout` and `index.json`. */
export interface LayoutBlob {
  /** Hex. */
  readonly sha256: string;
  readonly size: number;
  /** An image that needs it, for messages. */
  readonly reference: string;
}

/** In the order of their digests, so that the same images make the same archive. */
export function layoutBlobs(images: readonly StoredImage[]): readonly LayoutBlob[] {
  const all = images.flatMap(({ reference, digest, size, manifest }) =>
    [{ digest, size }, ...blobsOf(manifest)].map((one) => ({
      sha256: one.digest.slice('sha256:'.length),
      size: one.size,
      reference,
    })),
  );
  const once = new Map(all.toReversed().map((one) => [one.sha256, one]));
  return [...once.values()].toSorted((one, other) => (one.sha256 < other.sha256 ? -1 : 1));
}

/** (github.com/opencontainers/image-spec, image-layout.md) */
export const layoutText: string = '{"imageLayoutVersion":"1.0.0"}';

/**
 * containerd gives an image the name that the first annotation says; the second is what skopeo and umoci know it by.
 * (github.com/containerd/containerd, core/images/annotations.go)
 */
export function nameAnnotations(reference: string): Readonly<Record<string, string>> {
  return { 'io.containerd.image.name': reference, 'org.opencontainers.image.ref.name': reference };
}

/** `index.json` */
export function layoutIndex(images: readonly StoredImage[], architecture: Architecture): string {
  const manifests = images.map(({ reference, digest, size, manifest }) => ({
    mediaType: manifest.mediaType,
    digest,
    size,
    annotations: nameAnnotations(reference),
    platform: { architecture, os: 'linux' },
  }));
  return JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests });
}

/** What it saves to store what images share once. */
export interface Dedup {
  /** Bytes of all images, each for itself. */
  readonly all: number;
  /** Bytes of the blobs in the archive. */
  readonly stored: number;
  /** The first through the second. */
  readonly ratio: number;
}

export function dedupOf(images: readonly StoredImage[], blobs: readonly LayoutBlob[]): Dedup {
  const all = images.reduce((sum, { size, manifest }) => sum + size + sizeOf(manifest), 0);
  const stored = blobs.reduce((sum, { size }) => sum + size, 0);
  return { all, stored, ratio: stored === 0 ? 1 : all / stored };
}
