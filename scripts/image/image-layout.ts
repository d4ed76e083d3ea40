import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { layoutText, nameAnnotations } from '#bundle/images/archive-layout';
import { ociIndex } from '#bundle/images/manifest';
import type { Elf } from './elf.ts';
import { type Blob, blobOf, type Layer } from './layer.ts';

/** An image for one architecture; labels and annotations by the names of the OCI image specification and our own. */
export interface Image {
  readonly architecture: Elf['architecture'];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** User, Env, Entrypoint, WorkingDir. */
  readonly started: Readonly<Record<string, unknown>>;
  readonly layers: readonly { readonly title: string; readonly layer: Layer }[];
}

/** The same on every build; what was built when is told by the version. */
const created = '1970-01-01T00:00:00Z';

const types = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+zstd',
};

/**
 * Writes an OCI image layout into a folder that is empty or not there yet. Several architectures are one image: an
 * index of them. Returns the digest of what the reference names.
 */
export function writeImageLayout(out: string, reference: string, images: readonly Image[]): string {
  const parts = images.map(partsOf);
  const manifests = parts.map(({ held }) => held);
  const index = json({ schemaVersion: 2, mediaType: ociIndex, manifests });
  const [only] = manifests;
  const named = only !== undefined && manifests.length === 1 ? only : descriptor(ociIndex, index);
  const annotations = nameAnnotations(reference);
  const top = json({ schemaVersion: 2, mediaType: ociIndex, manifests: [{ ...named, annotations }] });
  const blobs = join(out, 'blobs/sha256');
  mkdirSync(blobs, { recursive: true });
  for (const { digest, bytes } of [...parts.flatMap((one) => one.blobs), ...(named === only ? [] : [index])])
    writeFileSync(join(blobs, digest.slice('sha256:'.length)), bytes);
  writeFileSync(join(out, 'oci-layout'), layoutText);
  writeFileSync(join(out, 'index.json'), top.bytes);
  return named.digest;
}

function partsOf(image: Image) {
  const config = json(configOf(image));
  const layers = image.layers.map(({ layer }) => layer.blob);
  const manifest = json({
    schemaVersion: 2,
    mediaType: types.manifest,
    config: descriptor(types.config, config),
    layers: layers.map((blob) => descriptor(types.layer, blob)),
    annotations: { 'org.opencontainers.image.created': created, ...image.annotations },
  });
  const platform = { architecture: image.architecture, os: 'linux' };
  return { held: { ...descriptor(types.manifest, manifest), platform }, blobs: [config, manifest, ...layers] };
}

function configOf({ architecture, labels, started, layers }: Image): object {
  return {
    created,
    architecture,
    os: 'linux',
    config: { ...started, Labels: labels },
    rootfs: { type: 'layers', diff_ids: layers.map(({ layer }) => layer.diffId) },
    history: layers.map(({ title }) => ({ created, created_by: title })),
  };
}

function descriptor(mediaType: string, { digest, bytes }: Blob) {
  return { mediaType, digest, size: bytes.length };
}

function json(value: object): Blob {
  return blobOf(Buffer.from(JSON.stringify(value)));
}
