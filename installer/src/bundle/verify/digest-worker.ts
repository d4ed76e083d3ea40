import { parentPort, workerData } from 'node:worker_threads';
import { type Digest, digestFile, readBuffer } from './digest-file.ts';

/** What every worker is given: all files, and counters that all of them share. */
export interface WorkerTask {
  readonly files: readonly string[];
  /** Index of the next file that nobody has taken. */
  readonly next: Int32Array;
  /** Bytes read by all of them. */
  readonly read: BigUint64Array;
}

export interface WorkerAnswer {
  readonly at: number;
  readonly digest: Digest;
}

const { files, next, read } = workerData as WorkerTask;
const buffer = readBuffer();
for (let at = Atomics.add(next, 0, 1); at < files.length; at = Atomics.add(next, 0, 1)) {
  const digest = digestFile(files[at] as string, buffer, (bytes) => Atomics.add(read, 0, BigInt(bytes)));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  parentPort?.postMessage({ at, digest } satisfies WorkerAnswer);
}
