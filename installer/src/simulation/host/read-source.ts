import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { SourceFile } from './file-store.ts';

const longestText = 1_000_000;

/** A file of the bundle from the real disk, at once: while a promise is under way simulated time would pass. */
export function readSource(source: string): SourceFile | undefined {
  try {
    const bytes = readFileSync(source);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const isText = bytes.length <= longestText && !bytes.includes(0);
    return { sha256, size: bytes.length, ...(isText ? { text: bytes.toString('utf8') } : {}) };
  } catch {
    return undefined;
  }
}
