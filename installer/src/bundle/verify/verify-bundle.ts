import { resolve } from 'node:path';
import type { BundleProblem, BundleSignature, BundleTarget } from '#ports/bundle';
import { readIndex } from '../index/index-file.ts';
import { readSignature } from '../signature/read-signature.ts';
import { signatureOf } from '../signature/signature-of.ts';
import { type CompareOptions, compareWithIndex } from './compare-with-index.ts';

export interface VerifyOptions extends CompareOptions {
  /** Public keys, as minisign prints them. */
  readonly trusted: readonly string[];
}

/** What was found out about a bundle. */
export interface Verification {
  /** Absolute path. */
  readonly place: string;
  readonly madeFor?: BundleTarget;
  /** How many files were read to their end. */
  readonly files: number;
  /** Bytes of those files. */
  readonly bytes: number;
  readonly seconds: number;
  readonly signature: BundleSignature;
  /** Sorted by path. */
  readonly problems: readonly BundleProblem[];
}

/** Reads a whole bundle; Faults BUNDLE-UNREADABLE for what has no index, KEY-INVALID for a trusted key that is none. */
export async function verifyBundle(directory: string, { trusted, ...options }: VerifyOptions): Promise<Verification> {
  const place = resolve(directory);
  const began = performance.now();
  const { bytes, index } = await readIndex(place);
  const signature = signatureOf(bytes, await readSignature(place), trusted);
  const comparison = await compareWithIndex(place, index, options);
  return {
    place,
    ...(index.madeFor === undefined ? {} : { madeFor: index.madeFor }),
    ...comparison,
    seconds: (performance.now() - began) / 1000,
    signature,
  };
}
