import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { lockStore } from '#adapters/store-lock';
import { systemClock } from '#adapters/system-clock';
import { type Downloader, downloader } from '#bundle/fetch/downloader';
import { type Mirrors, readMirrors } from '#bundle/fetch/mirrors';
import { BlobStore } from '#bundle/store/blob-store';
import type { Call } from '../call.ts';

/** What a command downloads with, and where it keeps what came. */
export interface GivenStore {
  readonly store: BlobStore;
  readonly downloads: Downloader;
  readonly mirrors: Mirrors;
}

/** Works with the store, which is this command's alone meanwhile; Fault FETCH-LOCKED when another one has it. */
export async function withStore<Value>(
  { options, terminal }: Call,
  work: (given: GivenStore) => Promise<Value>,
): Promise<Value> {
  const { environment } = terminal;
  const clock = systemClock();
  const mirrors = readMirrors(options.texts('mirror'));
  const store = new BlobStore(resolve(options.text('store') ?? usualStore(environment)));
  const { tookOver, release } = lockStore(store.directory, { now: clock.now() });
  if (tookOver !== undefined) terminal.tell(`${tookOver}\n`);
  const downloads = downloader({ store, clock, mirrors, environment });
  try {
    return await work({ store, downloads, mirrors });
  } finally {
    await downloads.close();
    release();
  }
}

function usualStore(environment: Call['terminal']['environment']): string {
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'novasphere/store');
}
