import { resolve } from 'node:path';
import { openBundle } from '#adapters/directory-bundle';
import { type BundleIndex, type IndexEntry, readIndex } from '#bundle/index/index-file';
import { bytes } from '#engine/disk-full';
import { Fault } from '#engine/fault';
import type { BundleImage } from '#ports/bundle';
import { targetWords } from '#report/proof-words';
import type { Call } from '../call.ts';

/** `novasphere bundle list DIR`: what it is made for, its files and its images. Nothing is verified. */
export async function bundleList({ words, terminal }: Call): Promise<number> {
  const place = resolve(words[0] as string);
  const { index } = await readIndex(place);
  const images = await imagesOf(place);
  terminal.print(screen(place, index, images));
  const { madeFor } = index;
  terminal.json({
    version: 1,
    place,
    ...(madeFor && { madeFor }),
    files: [...index.files.values()],
    images: images ?? null,
  });
  return 0;
}

/** Undefined without a proof: what is in an archive is not known then without reading all of it. */
async function imagesOf(place: string): Promise<readonly BundleImage[] | undefined> {
  try {
    return await (await openBundle(place)).images();
  } catch (error) {
    if (error instanceof Fault && error.code === 'BUNDLE-UNPROVEN') return undefined;
    throw error;
  }
}

function screen(place: string, { madeFor, files }: BundleIndex, images: readonly BundleImage[] | undefined): string {
  const all = [...files.values()];
  const total = all.reduce((sum, { size }) => sum + size, 0);
  const target = madeFor === undefined ? 'manifests alone' : targetWords(madeFor);
  const told =
    images === undefined
      ? `not proven: novasphere bundle prove ${place}`
      : images.map(({ reference, size }) => `  ${bytes(size).padStart(10)}  ${reference}`).join('\n');
  return `${place}: ${target}, ${all.length} files, ${bytes(total)}

Files
${all.map(row).join('\n')}

Images
${told}
`;
}

function row({ path, size, sha256 }: IndexEntry): string {
  return `  ${bytes(size).padStart(10)}  ${sha256.slice(0, 12)}  ${path}`;
}
