import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { imageArchive } from '#catalog/catalog';
import type { BundleTarget } from '#ports/bundle';
import { writeImageArchive } from '../images/image-archive.ts';
import { readImageArchive } from '../images/read-archive.ts';
import type { IndexEntry } from '../index/index-file.ts';
import type { BlobStore } from '../store/blob-store.ts';
import { digestFiles } from '../verify/digest-files.ts';
import type { Wanted } from './wanted.ts';

interface Archiving {
  readonly place: string;
  readonly madeFor: Pick<BundleTarget, 'architecture'>;
  readonly wanted: Pick<Wanted, 'images'>;
  readonly store: BlobStore;
  readonly tell: (text: string) => void;
}

export interface Archived {
  readonly entry: IndexEntry;
  /** Undefined when the archive was there already. */
  readonly dedup?: Awaited<ReturnType<typeof writeImageArchive>>['dedup'];
}

/** The archive of all images: made anew unless exactly these are in it, whole. */
export async function imagesArchived(about: Archiving): Promise<Archived> {
  const { place, wanted, store, madeFor, tell } = about;
  const path = imageArchive(madeFor.architecture);
  const file = join(place, path);
  if (await holdsExactly(file, about)) return { entry: await entryOf(path, file) };
  tell(`writing ${path} of ${wanted.images.length} images`);
  const { sha256, size, dedup } = await writeImageArchive(store, wanted.images, madeFor.architecture, file);
  return { entry: { path, sha256, size }, dedup };
}

async function holdsExactly(file: string, { wanted }: Archiving): Promise<boolean> {
  if (!existsSync(file)) return false;
  const held = await readImageArchive(file).catch(() => []);
  const names = (images: readonly { reference: string; digest?: string }[]) =>
    images.map(({ reference, digest }) => `${reference}@${digest}`).toSorted();
  return held.length > 0 && names(held).join() === names(wanted.images).join();
}

async function entryOf(path: string, file: string): Promise<IndexEntry> {
  const { size } = await stat(file);
  const [digest] = await digestFiles([{ file, size }]);
  if (digest === undefined || !('sha256' in digest)) throw new Error(`${file} cannot be read any more`);
  return { path, sha256: digest.sha256, size };
}
