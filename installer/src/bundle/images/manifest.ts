import { z } from 'zod';

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

const descriptor = z.object({
  mediaType: z.string(),
  digest,
  size: z.number().int().nonnegative(),
  urls: z.array(z.string()).nullish(),
  annotations: z.record(z.string(), z.string()).nullish(),
  platform: z.object({ architecture: z.string(), os: z.string(), variant: z.string().nullish() }).nullish(),
});
export type Descriptor = z.infer<typeof descriptor>;

const image = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  config: descriptor,
  layers: z.array(descriptor),
});
const index = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  manifests: z.array(descriptor),
});

/** The manifest of one image: what it is configured with and made of. */
export interface ImageManifest {
  readonly kind: 'image';
  readonly mediaType: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** A list of manifests, for several platforms as a rule. */
export interface ImageIndex {
  readonly kind: 'index';
  readonly manifests: readonly Descriptor[];
}

export const ociIndex = 'application/vnd.oci.image.index.v1+json';
const ociManifest = 'application/vnd.oci.image.manifest.v1+json';

/**
 * What a manifest says, whether it is one of OCI (which need not name its own type) or of Docker (version 2, schema 2).
 * Undefined for anything else. (github.com/opencontainers/image-spec, manifest.md and image-index.md)
 */
export function readManifest(text: string): ImageManifest | ImageIndex | undefined {
  const document = parsed(text);
  const one = image.safeParse(document);
  if (one.success) return { kind: 'image', ...one.data, mediaType: one.data.mediaType ?? ociManifest };
  const many = index.safeParse(document);
  return many.success ? { kind: 'index', manifests: many.data.manifests } : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Configuration and layers, each once: some images have the same empty layer several times. */
export function blobsOf({ config, layers }: ImageManifest): readonly Descriptor[] {
  return [...new Map([config, ...layers].map((one) => [one.digest, one])).values()];
}

/** Bytes of configuration and layers. */
export function sizeOf(manifest: ImageManifest): number {
  return blobsOf(manifest).reduce((sum, { size }) => sum + size, 0);
}

/** The bare hexadecimal of `sha256:…`. */
export function hexOf(digestText: string): string {
  return digestText.slice('sha256:'.length);
}
