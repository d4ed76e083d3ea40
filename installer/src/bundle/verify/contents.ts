import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { saidBy } from './system-error.ts';

/** What lies in a directory and below, by paths inside it. */
export interface Contents {
  readonly files: ReadonlySet<string>;
  readonly links: ReadonlySet<string>;
  /** Neither file nor directory nor link, in words. */
  readonly special: ReadonlyMap<string, string>;
  /** Directories that cannot be listed, with the reason. */
  readonly closed: ReadonlyMap<string, string>;
}

/** Follows no link, and does not open what could block (a FIFO) or speak (a device). */
export async function contentsOf(place: string): Promise<Contents> {
  const found = {
    files: new Set<string>(),
    links: new Set<string>(),
    special: new Map<string, string>(),
    closed: new Map<string, string>(),
  };
  const waiting = [''];
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
    const entries = await readdir(join(place, folder), { withFileTypes: true }).catch((error: Error) => error);
    if (entries instanceof Error) {
      found.closed.set(folder === '' ? '.' : folder, saidBy(entries));
      continue;
    }
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) waiting.push(path);
      else if (entry.isFile()) found.files.add(path);
      else if (entry.isSymbolicLink()) found.links.add(path);
      else found.special.set(path, kindOf(entry));
    }
  }
  return found;
}

function kindOf(entry: Dirent): string {
  if (entry.isSocket()) return 'a socket';
  if (entry.isFIFO()) return 'a named pipe';
  return entry.isBlockDevice() || entry.isCharacterDevice() ? 'a device' : 'neither a file nor a directory';
}
