import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import type { Architecture } from '#catalog/catalog';
import { Fault } from '#engine/fault';
import type { BlobStore, Digested } from '../store/blob-store.ts';
import { storeFault, writeFault } from '../store/store-fault.ts';
import { type Dedup, dedupOf, type LayoutBlob, layoutBlobs, layoutIndex, layoutText } from './archive-layout.ts';
import { damagedBlob, unfetchedImage } from './image-fault.ts';
import { type PinnedImage, type StoredImage, storedImage } from './stored-image.ts';
import { tarEnd, tarHeader, tarPadding } from './tar-writer.ts';

export interface WrittenArchive extends Digested {
  readonly images: number;
  readonly dedup: Dedup;
}

/** One image a line, for people. */
export function imageList(images: readonly Pick<PinnedImage, 'reference'>[]): string {
  return images
    .map(({ reference }) => `${reference}\n`)
    .toSorted()
    .join('');
}

/**
 * Writes images of the store as one OCI layout, tar, zstd: what k3s imports from its images folder. What images share is
 * in it once; the same images give the same bytes. Every blob is compared with its digest while it is read.
 */
export async function writeImageArchive(
  store: BlobStore,
  wanted: readonly PinnedImage[],
  architecture: Architecture,
  out: string,
): Promise<WrittenArchive> {
  const sorted = wanted.toSorted((one, other) => (one.reference < other.reference ? -1 : 1));
  const images = await Promise.all(sorted.map((image) => whole(store, image)));
  const blobs = layoutBlobs(images);
  const texts = { 'oci-layout': layoutText, 'index.json': layoutIndex(images, architecture) };
  const digested = await written(tarOf(store, texts, blobs), out);
  return { ...digested, images: images.length, dedup: dedupOf(images, blobs) };
}

async function whole(store: BlobStore, pinned: PinnedImage): Promise<StoredImage> {
  const image = await storedImage(store, pinned);
  if (image === undefined) throw unfetchedImage(pinned.reference);
  return image;
}

/** The texts come first, so that whoever reads knows early what to look for. */
async function* tarOf(store: BlobStore, texts: Readonly<Record<string, string>>, blobs: readonly LayoutBlob[]) {
  for (const [path, text] of Object.entries(texts)) {
    const content = Buffer.from(text);
    yield Buffer.concat([tarHeader(path, content.length), content, tarPadding(content.length)]);
  }
  for (const blob of blobs) {
    yield tarHeader(`blobs/sha256/${blob.sha256}`, blob.size);
    yield* contentOf(store, blob);
    yield tarPadding(blob.size);
  }
  yield tarEnd;
}

async function* contentOf(store: BlobStore, { sha256, size, reference }: LayoutBlob) {
  const path = store.pathOf(sha256);
  if (!(await store.has(sha256))) throw unfetchedImage(reference);
  const hash = createHash('sha256');
  let seen = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      seen += chunk.length;
      yield chunk;
    }
  } catch (error) {
    throw storeFault(error, { doing: 'read', path });
  }
  if (seen !== size || hash.digest('hex') !== sha256) throw damagedBlob(reference, path);
}

async function written(tar: AsyncIterable<Buffer>, out: string): Promise<Digested> {
  const aside = `${out}.new`;
  const hash = createHash('sha256');
  let size = 0;
  try {
    await mkdir(dirname(out), { recursive: true });
    const file = await open(aside, 'w', 0o644);
    await pipeline(
      tar,
      zstd(),
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          size += chunk.length;
          yield chunk;
        }
      },
      file.createWriteStream({ flush: true }),
    );
    await rename(aside, out);
  } catch (error) {
    await rm(aside, { force: true });
    throw error instanceof Fault ? error : await writeFault(error, { name: out, path: out, needed: undefined });
  }
  return { sha256: hash.digest('hex'), size };
}

/** Layers are compressed as a rule: more effort would cost time and save nothing. */
function zstd() {
  const { ZSTD_c_compressionLevel: level, ZSTD_c_checksumFlag: checksum } = constants;
  return createZstdCompress({ chunkSize: 1 << 20, params: { [level]: 1, [checksum]: 1 } });
}
