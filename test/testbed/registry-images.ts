import { createHash } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { tarEnd, tarHeader, tarPadding } from '#bundle/images/tar-writer';

/** Bytes that a registry keeps under their digest. */
export interface Blob {
  readonly bytes: Buffer;
  /** `sha256:…` */
  readonly digest: string;
  readonly mediaType: string;
}

export interface Layer extends Blob {
  /** Digest of the layer when it is not compressed. */
  readonly diffId: string;
}

/** One manifest and everything below it. */
export interface MadeManifest extends Blob {
  readonly architecture: string;
  readonly config: Blob;
  readonly layers: readonly Layer[];
  /** Bytes of configuration and layers. */
  readonly size: number;
}

/** What a tag names: an index, or one manifest alone. */
export interface MadeImage {
  readonly top: Blob;
  readonly manifests: readonly MadeManifest[];
}

export type Form = 'oci' | 'docker';
type Compression = 'gzip' | 'zstd' | 'none';

const oci = 'application/vnd.oci.image';
const docker = 'application/vnd.docker';

/** A layer with one file of so many bytes; the same words give the same bytes. Its content does not compress. */
export function makeLayer(
  seed: string,
  { bytes = 64, compression = 'gzip', form = 'oci' }: { bytes?: number; compression?: Compression; form?: Form } = {},
): Layer {
  const content = noise(seed, bytes);
  const name = `${seed.replaceAll(/[^a-z0-9]+/gi, '-').slice(-60)}.bin`;
  const tar = Buffer.concat([tarHeader(name, content.length), content, tarPadding(content.length), tarEnd]);
  const squeezed = { gzip: gzipSync, zstd: zstdCompressSync, none: (plain: Buffer) => plain }[compression](tar);
  const suffix =
    compression === 'none' ? '' : compression === 'gzip' && form === 'docker' ? '.gzip' : `+${compression}`;
  const mediaType = form === 'oci' ? `${oci}.layer.v1.tar${suffix}` : `${docker}.image.rootfs.diff.tar${suffix}`;
  return { ...blob(squeezed, mediaType), diffId: digestOf(tar) };
}

/** An image for one architecture. */
export function makeManifest(
  architecture: string,
  layers: readonly Layer[],
  { form = 'oci', entrypoint = '/novasphere' }: { form?: Form; entrypoint?: string } = {},
): MadeManifest {
  const config = blob(
    jsonBytes({
      architecture,
      os: 'linux',
      config: { Entrypoint: [entrypoint] },
      rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
      history: layers.map(() => ({ created_by: 'the test bed' })),
    }),
    form === 'oci' ? `${oci}.config.v1+json` : `${docker}.container.image.v1+json`,
  );
  const mediaType = form === 'oci' ? `${oci}.manifest.v1+json` : `${docker}.distribution.manifest.v2+json`;
  const manifest = { schemaVersion: 2, mediaType, config: descriptor(config), layers: layers.map(descriptor) };
  const size = [config, ...layers].reduce((sum, { bytes }) => sum + bytes.length, 0);
  return { ...blob(jsonBytes(manifest), mediaType), architecture, config, layers, size };
}

/** An index over these, with an attestation as docker's builder adds one, which is no platform. */
export function makeIndex(manifests: readonly MadeManifest[], { form = 'oci' }: { form?: Form } = {}): MadeImage {
  const attestation = makeManifest('unknown', [makeLayer('attestation')]);
  const all = form === 'oci' ? [...manifests, attestation] : manifests;
  const entries = all.map((one) => ({ ...descriptor(one), platform: platformOf(one) }));
  const mediaType = form === 'oci' ? `${oci}.index.v1+json` : `${docker}.distribution.manifest.list.v2+json`;
  return { top: blob(jsonBytes({ schemaVersion: 2, mediaType, manifests: entries }), mediaType), manifests: all };
}

/** An image with a manifest and two layers for each of two architectures; the first layer is in all images. */
export function makeTinyImage(seed: string): MadeImage {
  const base = makeLayer('base of all');
  return makeIndex(['amd64', 'arm64'].map((one) => makeManifest(one, [base, makeLayer(`${seed} ${one}`)])));
}

export function single(manifest: MadeManifest): MadeImage {
  return { top: manifest, manifests: [manifest] };
}

export function blob(bytes: Buffer, mediaType: string): Blob {
  return { bytes, mediaType, digest: digestOf(bytes) };
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

export function descriptor({ mediaType, digest, bytes }: Blob) {
  return { mediaType, digest, size: bytes.length };
}

function platformOf({ architecture }: MadeManifest) {
  if (architecture === 'unknown') return { architecture, os: 'unknown' };
  return { architecture, os: 'linux', ...(architecture === 'arm64' ? { variant: 'v8' } : {}) };
}

/** Ends with a new line, as some builders write it: a digest is one of bytes, not of JSON. */
function jsonBytes(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** SHAKE is a stream of pseudo-random bytes of any length. */
function noise(seed: string, bytes: number): Buffer {
  return createHash('shake256', { outputLength: bytes }).update(seed).digest();
}
