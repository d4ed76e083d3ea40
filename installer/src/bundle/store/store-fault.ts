import { statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { bytes, diskFull, type Space } from '#engine/disk-full';
import type { Fault } from '#engine/fault';
import { fileFault } from '#engine/host-fault';

interface StoreTrouble {
  /** `write`, `read`. */
  readonly doing: string;
  readonly path: string;
}

/** What the system said about a file of the store, as a Fault. */
export function storeFault(error: unknown, { doing, path }: StoreTrouble): Fault {
  const { code, message } = error as NodeJS.ErrnoException;
  return fileFault({ host: hostname(), doing, path, code, said: message });
}

interface FullStore {
  /** What was to be stored: `bin/k3s`. */
  readonly name: string;
  readonly path: string;
  /** Bytes that are still to come; undefined when nobody knows. */
  readonly needed: number | undefined;
}

/** HOST-DISK-FULL where that is it, else what `storeFault` makes of it. */
export async function writeFault(error: unknown, { name, path, needed }: FullStore): Promise<Fault> {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return storeFault(error, { doing: `store ${name} in`, path });
  const rest = needed === undefined ? '' : `, which needs ${bytes(needed)} more`;
  const doing = `cannot store ${name}${rest}`;
  return diskFull({ host: hostname(), doing, path, said: message, space: await spaceUnder(path) });
}

/** How full the file system is that a file lies on; undefined when that cannot be seen. */
async function spaceUnder(path: string): Promise<Space | undefined> {
  try {
    const { bsize, blocks, bavail, ffree } = await statfs(path);
    return { under: path, size: bsize * blocks, free: bsize * bavail, hasInodes: ffree > 0 };
  } catch {
    const above = dirname(path);
    return above === path ? undefined : spaceUnder(above);
  }
}
