import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { type Digest, digestFile, readBuffer } from './digest-file.ts';
import type { WorkerAnswer, WorkerTask } from './digest-worker.ts';

export interface FileToDigest {
  readonly file: string;
  /** Bytes, as far as known: the largest are read first. */
  readonly size: number;
}

export interface DigestOptions {
  /** Called now and then with the bytes that were read so far, and at the end. */
  readonly progress?: (bytes: number) => void;
  /** Rejects with the reason of the signal. */
  readonly signal?: AbortSignal;
}

/** Bytes that are hashed sooner than a thread has begun to. */
const worthThreads = 32 * 1024 * 1024;
/** Milliseconds between two tellings of progress. */
const tellEvery = 100;

/** SHA-256 of files, on all cores; answers in the order of the files. What cannot be read is an answer too. */
export async function digestFiles(
  files: readonly FileToDigest[],
  options: DigestOptions = {},
): Promise<readonly Digest[]> {
  options.signal?.throwIfAborted();
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const threads = Math.min(availableParallelism(), files.length);
  return bytes < worthThreads ? onTheSpot(files, options) : onThreads(files, threads, options);
}

async function onTheSpot(files: readonly FileToDigest[], { progress, signal }: DigestOptions) {
  const buffer = readBuffer();
  const digests: Digest[] = [];
  let read = 0;
  for (const { file } of files) {
    digests.push(digestFile(file, buffer, (bytes) => (read += bytes)));
    progress?.(read);
    await setImmediate();
    signal?.throwIfAborted();
  }
  return digests;
}

async function onThreads(files: readonly FileToDigest[], threads: number, { progress, signal }: DigestOptions) {
  const order = files.map((_, at) => at).sort((one, other) => sizeOf(files, other) - sizeOf(files, one));
  const task: WorkerTask = {
    files: order.map((at) => files[at]?.file ?? ''),
    next: new Int32Array(new SharedArrayBuffer(4)),
    read: new BigUint64Array(new SharedArrayBuffer(8)),
  };
  const digests: Digest[] = [];
  const workers = Array.from({ length: threads }, () => startWorker(task));
  const tell = () => progress?.(Number(Atomics.load(task.read, 0)));
  const timer = setInterval(tell, tellEvery);
  try {
    await Promise.all(
      workers.map((worker) => ended(worker, signal, ({ at, digest }) => (digests[order[at] as number] = digest))),
    );
  } finally {
    clearInterval(timer);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  tell();
  return digests;
}

function sizeOf(files: readonly FileToDigest[], at: number): number {
  return files[at]?.size ?? 0;
}

function startWorker(workerData: WorkerTask): Worker {
  return new Worker(new URL('./digest-worker.ts', import.meta.url), { workerData });
}

function ended(worker: Worker, signal: AbortSignal | undefined, told: (answer: WorkerAnswer) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = () => reject(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });
  worker.on('message', told);
  worker.once('error', reject);
  worker.once('exit', () => resolve());
  return promise.finally(() => signal?.removeEventListener('abort', stop));
}
