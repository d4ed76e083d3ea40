import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Fault } from '#engine/fault';
import type { IndexEntry } from '../index/index-file.ts';
import { digestFiles } from '../verify/digest-files.ts';

/** What lies in a directory while it is made, and until it is whole: with it, it is no bundle yet. */
const unfinished = '.unfinished';

export interface Source extends IndexEntry {
  /** Absolute: where it is taken from. */
  readonly source: string;
  /** It can be had again: where it is spoilt, it may go. */
  readonly isCached?: true;
}

/**
 * Makes sure that a directory may become this bundle: nothing, empty, a bundle, or one that was being made. What is
 * called a bundle afterwards is whole: until `finished` there is no index.
 */
export async function begin(place: string, isBundle: boolean): Promise<void> {
  const there: readonly string[] = await readdir(place).catch((error: NodeJS.ErrnoException): readonly string[] => {
    if (error.code === 'ENOENT') return [];
    throw unusable(place, error.message);
  });
  if (there.length > 0 && !isBundle && !there.includes(unfinished))
    throw unusable(place, 'it is not empty, and no bundle');
  await mkdir(place, { recursive: true });
  await writeFile(join(place, unfinished), 'A bundle is being made here; the same command goes on with it.\n');
}

export async function finished(place: string): Promise<void> {
  await rm(join(place, unfinished), { force: true });
}

/**
 * Brings files into the directory that are not there yet as they should be, and tells how many. Copies share their blocks
 * with the original where the file system can do that; they are no hard links, since whoever changes a bundle must not
 * change the store. A copy that is not what it should be shows that its original has been spoilt since it came: then
 * that is taken away, and a Fault FETCH-CHANGED.
 */
export async function placeFiles(place: string, files: readonly Source[]): Promise<number> {
  const missing = await differing(place, files);
  for (const file of missing) await placed(place, file);
  const [spoilt] = await differing(place, missing);
  if (spoilt === undefined) return missing.length;
  if (spoilt.isCached === true) await rm(spoilt.source, { force: true });
  throw new Fault({
    code: 'FETCH-CHANGED',
    message: `${spoilt.path} has been spoilt since it was downloaded`,
    cause: 'the disk has lost some of it, or somebody has changed it',
    where: [`file ${spoilt.source}`],
    remedy: [
      spoilt.isCached === true
        ? 'the same command again downloads it anew: the spoilt file has been removed'
        : 'the same command again',
    ],
  });
}

/** Those that are not there, or not as they should be. */
async function differing(place: string, files: readonly Source[]): Promise<readonly Source[]> {
  const sizes = await Promise.all(files.map(async (file) => sizeOf(join(place, file.path))));
  const candidates = files.filter((file, index) => sizes[index] === file.size);
  const digests = await digestFiles(candidates.map(({ path, size }) => ({ file: join(place, path), size })));
  const right = new Set(candidates.filter((file, index) => digests[index]?.sha256 === file.sha256));
  return files.filter((file) => !right.has(file));
}

async function placed(place: string, { path, source }: Source): Promise<void> {
  const to = join(place, path);
  const aside = `${to}.new`;
  await mkdir(dirname(to), { recursive: true });
  await rm(aside, { force: true });
  await copyFile(source, aside, constants.COPYFILE_FICLONE);
  await rename(aside, to);
}

/** A file of this machine, as one of the bundle. */
export async function sourceOf(path: string, source: string): Promise<Source> {
  return { ...entryOf(path, await readFile(source)), source };
}

/** Writes a text into the bundle; the same text is left as it is. */
export async function writeText(place: string, path: string, text: string): Promise<IndexEntry> {
  const to = join(place, path);
  const there = await readFile(to, 'utf8').catch(() => undefined);
  if (there !== text) {
    await mkdir(dirname(to), { recursive: true });
    await writeFile(`${to}.new`, text, { flush: true });
    await rename(`${to}.new`, to);
  }
  return entryOf(path, Buffer.from(text));
}

function entryOf(path: string, content: Buffer): IndexEntry {
  return { path, sha256: createHash('sha256').update(content).digest('hex'), size: content.length };
}

async function sizeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ size }) => size,
    () => undefined,
  );
}

function unusable(place: string, cause: string): Fault {
  return new Fault({
    code: 'BUNDLE-UNREADABLE',
    message: `${place} cannot become a bundle`,
    cause,
    remedy: ['name a directory that does not exist yet, or that holds a bundle', `ls -la ${place}`],
  });
}
