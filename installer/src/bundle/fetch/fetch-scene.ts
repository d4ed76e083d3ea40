import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobStore } from '#bundle/store/blob-store';
import type { Write } from '#bundle/store/part';
import { Fault } from '#engine/fault';
import type { Clock } from '#ports/clock';
import { type Downloader, downloader } from './downloader.ts';
import { readMirrors } from './mirrors.ts';
import type { Environment } from './proxies.ts';

/** A clock whose sleeps end at once, and are remembered. */
export interface StillClock extends Clock {
  readonly slept: readonly number[];
}

export function stillClock(): StillClock {
  const slept: number[] = [];
  const elapsed = () => slept.reduce((sum, one) => sum + one, 0);
  return {
    slept,
    now: () => Date.UTC(2026, 10, 21, 6, 0, 0) + elapsed(),
    elapsed,
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      slept.push(milliseconds);
    },
  };
}

export interface Scene {
  readonly directory: string;
  readonly store: BlobStore;
  readonly clock: StillClock;
  readonly downloads: Downloader;
  /** Names and bytes of what lies in the store for good. */
  blobs(): Promise<readonly { readonly name: string; readonly content: Buffer }[]>;
  /** Bytes of each file under way. */
  partial(): Promise<readonly Buffer[]>;
  close(): Promise<void>;
}

interface Options {
  readonly environment?: Environment;
  readonly mirrors?: readonly string[];
  readonly write?: Write;
  /** Another process's store. */
  readonly directory?: string;
  readonly tries?: number;
}

/** A store in a directory of its own, and what downloads into it, impatient where time would really pass. */
export async function scene({
  environment = {},
  mirrors = [],
  write,
  tries = 3,
  ...rest
}: Options = {}): Promise<Scene> {
  const directory = rest.directory ?? (await mkdtemp(join(tmpdir(), 'novasphere-store-')));
  const store = new BlobStore(directory, write === undefined ? {} : { write });
  const clock = stillClock();
  const impatient = { timing: { connect: 2000, headers: 150, stall: 150 }, tries, random: () => 0.5 };
  const downloads = downloader({ store, clock, mirrors: readMirrors(mirrors), environment, ...impatient });
  return {
    directory,
    store,
    clock,
    downloads,
    blobs: () => contents(join(directory, 'blobs/sha256')),
    partial: async () => (await contents(join(directory, 'partial'))).map(({ content }) => content),
    async close() {
      await downloads.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function contents(directory: string) {
  const names = await readdir(directory).catch(() => []);
  return Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      const isPart = (await stat(path)).isDirectory();
      return { name, content: await readFile(isPart ? join(path, 'data') : path) };
    }),
  );
}

/** The same bytes on every run, so many of them. */
export function someBytes(size: number, seed = 7): Buffer {
  return createHash('shake256', { outputLength: size }).update(String(seed)).digest();
}

export function wantedOf(content: Buffer, url: string, name = 'bin/k3s') {
  return { name, url, sha256: createHash('sha256').update(content).digest('hex'), size: content.length };
}

/** The Fault that something ends with, without what differs on each run. */
export async function faultOf(work: Promise<unknown>, ...hidden: readonly (readonly [string, string])[]) {
  const fault = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(fault instanceof Fault)) throw new Error('ended without a Fault', { cause: fault });
  const { code, message, because, where, evidence, remedy } = fault.record();
  const text = [code, message, ...because, ...where, ...evidence, ...remedy].join('\n');
  return hidden.reduce((clean, [what, instead]) => clean.replaceAll(what, instead), text);
}
