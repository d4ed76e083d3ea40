import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Catalog } from '#catalog/catalog';
import type { Lock } from '#catalog/lock';
import { lockPath, parseLock, readLock } from '#catalog/lock-file';
import type { Call } from '../call.ts';
import { releaseRoot } from '../site.ts';

/** The file of `--lock`, or the one of this release. */
export function lockFileOf({ options }: Pick<Call, 'options'>): string {
  return resolve(options.text('lock') ?? join(releaseRoot, lockPath));
}

/** The lock that a command works with. Fault LOCK-INVALID when it is none, or not of this catalog. */
export function givenLock(call: Pick<Call, 'options'>, catalog: Catalog): Promise<Lock> {
  return readLock(lockFileOf(call), catalog);
}

/** What was known before, of whichever catalog; nothing when there is no lock yet. */
export async function earlierLock(call: Pick<Call, 'options'>): Promise<Lock> {
  const file = lockFileOf(call);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? { assets: [], images: [], packages: [] } : parseLock(text, file);
}
