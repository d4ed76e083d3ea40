import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Fault } from '#engine/fault';
import type { Bundle, BundleFile } from '#ports/bundle';
import { type BundleIndex, readIndex } from './directory-bundle-index.ts';
import { compareWithIndex } from './directory-bundle-verify.ts';

/** Opens a bundle that lies in a directory, by its index `bundle.yaml`. What the index does not name is not there. */
export async function openBundle(directory: string): Promise<Bundle> {
  const place = resolve(directory);
  const index = await readIndex(place);
  const entry = (path: string) => named(index, path, place);
  return {
    place,
    async text(path) {
      const { source } = fileOf(entry(path), place);
      return readFile(source, 'utf8').catch((error: unknown) => {
        throw missing(path, place, error);
      });
    },
    file: async (path) => fileOf(entry(path), place),
    verify: () => compareWithIndex(place, index),
  };
}

function fileOf(entry: Omit<BundleFile, 'source'>, place: string): BundleFile {
  return { ...entry, source: join(place, entry.path) };
}

function named(index: BundleIndex, path: string, place: string): Omit<BundleFile, 'source'> {
  const entry = index.files.get(path);
  // An entry that escapes is told by `verify`; until then nothing reads or places it.
  if (entry === undefined || index.refused.has(path)) throw missing(path, place);
  return entry;
}

function missing(path: string, place: string, cause?: unknown): Fault {
  return new Fault({
    code: 'BUNDLE-FILE-MISSING',
    message: `the bundle has no ${path}`,
    where: [`bundle ${place}`],
    ...(cause === undefined ? {} : { cause }),
    remedy: [`novasphere plan PROFILE --bundle ${place}  reads every file again`, 'copy the bundle again'],
  });
}
