import { readFile } from 'node:fs/promises';
import type { BlobStore } from '../store/blob-store.ts';
import { storeFault } from '../store/store-fault.ts';
import { damagedBlob } from './image-fault.ts';
import { hexOf } from './manifest.ts';
import { digestOf, imageManifest, type SingleImage } from './raw-manifest.ts';

export interface PinnedImage {
  readonly reference: string;
  /** `sha256:…` of the manifest for the architecture. */
  readonly digest: string;
}

export interface StoredImage extends SingleImage {
  /** Bytes of the manifest itself. */
  readonly size: number;
}

/** An image as the store knows it; undefined when its manifest is not there. */
export async function storedImage(
  store: BlobStore,
  { reference, digest }: PinnedImage,
): Promise<StoredImage | undefined> {
  const path = store.pathOf(hexOf(digest));
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw storeFault(error, { doing: 'read', path });
  });
  if (text === undefined) return undefined;
  if (digestOf(text) !== digest) throw damagedBlob(reference, path);
  return { reference, digest, manifest: imageManifest(reference, text), size: Buffer.byteLength(text) };
}
