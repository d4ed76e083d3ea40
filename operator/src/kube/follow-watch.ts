import type { KubeClock } from './clock.ts';
import type { Keep } from './kept-object.ts';
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
  /** The shape of the objects. Default: whole. */
  readonly accept?: string;
  /** Default: everything is kept. */
  readonly keep?: Keep;
  /** Told of each sign of life: the stream is open, an event has come. */
  readonly onLife?: () => void;
}

/** Bookmarks come about once a minute: this long without anything means a dead connection. */
const silence = 240_000;
/** How much longer than it was asked for a stream may last. */
const leeway = 30_000;

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
  const { transport, clock, path, selectors, version, random, accept, keep = same, onLife } = stream;
  const ending = new AbortController();
  const signal = AbortSignal.any([stream.signal, ending.signal]);
  const seconds = 300 + Math.floor(random() * 300);
  const asked = { resourceVersion: version, allowWatchBookmarks: 'true', timeoutSeconds: String(seconds) };
  const began = clock.elapsed();
  const life: Life = { heard: began, until: began + seconds * 1000 + leeway, silent: false };
  const alive = () => {
    life.heard = clock.elapsed();
    onLife?.();
  };
  const guarding = guard(clock, life, ending);
  try {
    const options = { onOpen: alive, ...(accept === undefined ? {} : { accept }) };
    for await (const event of transport.watch(path, { ...selectors, ...asked }, signal, options)) {
      alive();
      take(event, keep, store, seen);
    }
    if (life.silent) throw new Error(`the watch of ${path} was silent for ${silence / 1000} s`);
  } finally {
    ending.abort();
    await guarding;
  }
}

const same: Keep = (object) => object;

interface Life {
  heard: number;
  /** When a server that keeps its word has ended the stream. */
  readonly until: number;
  silent: boolean;
}

/** Ends a stream that has been silent for too long, or that does not end when it should. */
async function guard(clock: KubeClock, life: Life, ending: AbortController): Promise<void> {
  try {
    for (;;) {
      const due = Math.min(life.heard + silence, life.until);
      await clock.sleep(Math.max(1000, due - clock.elapsed()), ending.signal);
      life.silent = clock.elapsed() - life.heard >= silence;
      if (life.silent || clock.elapsed() >= life.until) return ending.abort();
    }
  } catch {
    // The stream has ended: nothing to guard any more.
  }
}

function take({ type, object }: WatchEvent, keep: Keep, store: ObjectStore, seen: (version: string) => void): void {
  if (type === 'ERROR') {
    if (object?.code === 410 || object?.reason === 'Expired' || object?.reason === 'Gone') throw new Expired();
    throw new StatusError({ status: object?.code ?? 500, body: object }, 'watch');
  }
  const version = object?.metadata?.resourceVersion;
  if (typeof version !== 'string' || version === '') throw new Error(`a watch sent ${type} without a version`);
  if (type === 'DELETED') store.delete(keep(object));
  else if (type !== 'BOOKMARK') store.put(keep(object));
  seen(version);
}
