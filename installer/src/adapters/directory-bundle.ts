import { createHash } from 'node:crypto';
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
      const file = fileOf(entry(path), place);
      const bytes = await readFile(file.source).catch((error: unknown) => {
        throw missing(path, place, error);
      });
      // Preflight reads every file, and is not part of every run: what is applied is compared in any case.
      if (createHash('sha256').update(bytes).digest('hex') !== file.sha256) throw changed(path, place);
      return bytes.toString('utf8');
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

function changed(path: string, place: string): Fault {
  return new Fault({
    code: 'BUNDLE-INVALID',
    message: `${path} of the bundle is not as its index says`,
    where: [`bundle ${place}`],
    remedy: [
      'copy the bundle again from where it was made',
      `novasphere plan PROFILE --bundle ${place}  reads every file again`,
    ],
  });
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
