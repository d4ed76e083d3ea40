import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { saidBy } from './system-error.ts';

/** What a file holds, or why nobody can tell. */
export interface Digest {
  /** Hex. */
  readonly sha256?: string;
  /** `EIO: i/o error` */
  readonly error?: string;
}

/** Small enough to stay in the cache of a core between the kernel's copy and the hash. */
const bufferSize = 256 * 1024;

export function readBuffer(): Buffer {
  return Buffer.allocUnsafeSlow(bufferSize);
}

/** What was a file a moment ago may be a link by now. */
const flags = constants.O_RDONLY | constants.O_NOFOLLOW;

/** Reads a file to its end through `buffer`; `read` hears of every piece, in bytes. */
export function digestFile(file: string, buffer: Buffer, read: (bytes: number) => void): Digest {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, flags);
    const hash = createHash('sha256');
    for (let count = readSync(descriptor, buffer); count > 0; count = readSync(descriptor, buffer)) {
      hash.update(count === buffer.length ? buffer : buffer.subarray(0, count));
      read(count);
    }
    return { sha256: hash.digest('hex') };
  } catch (error) {
    return { error: saidBy(error as Error) };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
