import type { Backoff } from './backoff.ts';
import { endOf, followWatch, type WatchStream } from './follow-watch.ts';
import type { ObjectStore } from './object-store.ts';
import { StatusError } from './status-error.ts';

export interface Watching extends Omit<WatchStream, 'version'> {
  readonly backoff: Backoff;
  /** After how many broken streams only a new list is believed. */
  readonly relistAfter: number;
  /** Told of every stream that broke. */
  readonly onTrouble?: (error: unknown) => void;
}

/**
 * Watches on from a version, as often as streams end. Returns when the server has forgotten where it was, or when the
 * signal aborts; throws what broke the last stream when only a new list can help.
 */
export async function keepWatching(watching: Watching, store: ObjectStore, from: string): Promise<void> {
  const { backoff, relistAfter, onTrouble, ...stream } = watching;
  let version = from;
  let failures = 0;
  while (!stream.signal.aborted) {
    const began = stream.clock.now();
    const end = await endOf(followWatch({ ...stream, version }, store, (seen) => (version = seen)));
    if (end === 'expired' || stream.signal.aborted) return;
    if (end !== 'ended') {
      onTrouble?.(end);
      if (++failures >= relistAfter || isGone(end)) throw end;
    } else failures = 0;
    await backoff.between(began, end === 'ended' ? undefined : end, stream.signal);
  }
}

function isGone(error: unknown): boolean {
  return error instanceof StatusError && error.code === 404;
}
