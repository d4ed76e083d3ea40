import { hostname } from 'node:os';
import { bytes, diskFull } from '#engine/disk-full';
import type { Fault } from '#engine/fault';
import { fileFault } from '#engine/host-fault';
import { spaceUnder } from './space-under.ts';

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
