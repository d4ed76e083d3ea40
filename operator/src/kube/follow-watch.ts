import type { KubeClock } from './clock.ts';
import type { ObjectStore } from './object-store.ts';
import { StatusError } from './status-error.ts';
import type { Query, Transport, WatchEvent } from './transport.ts';

export interface WatchStream {
  readonly transport: Transport;
  readonly clock: KubeClock;
  readonly path: string;
  readonly selectors: Query;
  readonly version: string;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** Bookmarks come about once a minute: this long without anything means a dead connection. */
const silence = 240_000;

class Expired extends Error {
  override readonly name = 'Expired';
}

/** How a stream ended: by itself, because its version is forgotten, or with an error. */
export async function endOf(following: Promise<void>): Promise<'ended' | 'expired' | Error> {
  try {
    await following;
    return 'ended';
  } catch (error) {
    if (error instanceof Expired) return 'expired';
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Takes one watch stream into the store; `seen` is told each version from which a new stream can go on. */
export async function followWatch(
  stream: WatchStream,
  store: ObjectStore,
  seen: (version: string) => void,
): Promise<void> {
  const ending = new AbortController();
  const signal = AbortSignal.any([stream.signal, ending.signal]);
  const seconds = 300 + Math.floor(stream.random() * 300);
  const query = {
    ...stream.selectors,
    resourceVersion: stream.version,
    allowWatchBookmarks: 'true',
    timeoutSeconds: String(seconds),
  };
  const life = { heard: stream.clock.now(), silent: false };
  const guarding = guard(stream.clock, life, ending);
  try {
    for await (const event of stream.transport.watch(stream.path, query, signal)) {
      life.heard = stream.clock.now();
      take(event, store, seen);
    }
    if (life.silent) throw new Error(`the watch of ${stream.path} was silent for ${silence / 1000} s`);
  } finally {
    ending.abort();
    await guarding;
  }
}

/** Ends a stream that has been silent for too long. */
async function guard(
  clock: KubeClock,
  life: { heard: number; silent: boolean },
  ending: AbortController,
): Promise<void> {
  try {
    for (;;) {
      await clock.sleep(Math.max(1000, life.heard + silence - clock.now()), ending.signal);
      if (clock.now() - life.heard < silence) continue;
      life.silent = true;
      return ending.abort();
    }
  } catch {
    // The stream has ended: nothing to guard any more.
  }
}

function take({ type, object }: WatchEvent, store: ObjectStore, seen: (version: string) => void): void {
  if (type === 'ERROR') {
    if (object?.code === 410 || object?.reason === 'Expired' || object?.reason === 'Gone') throw new Expired();
    throw new StatusError({ status: object?.code ?? 500, body: object }, 'watch');
  }
  if (type === 'DELETED') store.delete(object);
  else if (type === 'ADDED' || type === 'MODIFIED') store.put(object);
  const version = object?.metadata?.resourceVersion;
  if (typeof version === 'string' && version !== '') seen(version);
}
