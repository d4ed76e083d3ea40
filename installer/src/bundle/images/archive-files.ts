import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { decompressed } from './decompressed.ts';
import { readTar, type TarEntry, TarError } from './tar-reader.ts';

/** A file of an archive, and its text where it may be a manifest or a configuration. */
export interface ArchiveFile {
  /** Hex, of what is really there. */
  readonly sha256: string;
  readonly size: number;
  readonly text?: string;
}

/** Bytes; what is longer is no manifest. (github.com/opencontainers/distribution-spec, “manifest size”: 4 MiB) */
const longestText = 4 << 20;

/**
 * Reads an archive once, without unpacking it, and tells what its files are. A link counts as the file of the archive
 * that it leads to, as older versions of `docker save` write a layer that two images share. Throws TarError.
 */
export async function archiveFiles(file: string): Promise<ReadonlyMap<string, ArchiveFile>> {
  const files = new Map<string, ArchiveFile>();
  const links = new Map<string, string>();
  for await (const entry of readTar(decompressed(file))) {
    const path = plainPath(entry.path);
    if (entry.kind === 'link') links.set(path, linked(path, entry));
    if (entry.kind !== 'file') continue;
    const found = await digested(entry);
    const former = files.get(path);
    if (former !== undefined && former.sha256 !== found.sha256)
      throw new TarError(`${JSON.stringify(path)} is in it twice, with different content`);
    files.set(path, found);
  }
  for (const [path, target] of links) files.set(path, fileBehind(path, target, files));
  return files;
}

/** Fit to be a name in an archive that somebody unpacks one day. */
function plainPath(path: string): string {
  const plain = path.replace(/^\.\//, '').replace(/\/$/, '');
  const isOdd = plain.startsWith('/') || plain.split('/').includes('..') || /[\\\p{Cc}]/u.test(plain);
  if (isOdd) throw new TarError(`${JSON.stringify(path)} in it leads out of the archive, or is an odd name`);
  return plain;
}

function linked(path: string, { target, isHard }: TarEntry): string {
  const place = isHard ? target : posix.join(posix.dirname(path), target);
  if (target.startsWith('/') || posix.normalize(place).startsWith('..'))
    throw new TarError(`the link ${JSON.stringify(path)} in it leads out of the archive`);
  return posix.normalize(place);
}

function fileBehind(path: string, target: string, files: ReadonlyMap<string, ArchiveFile>): ArchiveFile {
  const found = files.get(target);
  if (found === undefined) throw new TarError(`the link ${JSON.stringify(path)} in it leads to nothing`);
  return found;
}

async function digested({ size, content }: TarEntry): Promise<ArchiveFile> {
  const hash = createHash('sha256');
  const kept: Buffer[] = [];
  let isText = size <= longestText;
  for await (const part of content) {
    if (kept.length === 0 && !/^\s*[[{]/.test(part.toString('latin1', 0, 64))) isText = false;
    if (isText) kept.push(part);
    hash.update(part);
  }
  const found = { sha256: hash.digest('hex'), size };
  return isText && kept.length > 0 ? { ...found, text: Buffer.concat(kept).toString() } : found;
}
