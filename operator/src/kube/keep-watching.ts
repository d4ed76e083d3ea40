import type { Backoff } from './backoff.ts';
import { endOf, followWatch, type WatchStream } from './follow-watch.ts';
import type { ObjectStore } from './object-store.ts';
import { isOlder } from './resource-version.ts';
import { StatusError } from './status-error.ts';

export interface Watching extends Omit<WatchStream, 'version'> {
  readonly backoff: Backoff;
  /** After how many broken streams in a row only a new list is believed. */
  readonly relistAfter: number;
  /** Told of every stream that broke, but for the one whose end is thrown. */
  readonly onTrouble?: (error: unknown) => void;
  /** Told of every stream before it is opened. */
  readonly onStream?: () => void;
}

/** A stream that lasted this long was none of those that break again and again. */
const steady = 10_000;

/**
 * Watches on from a version, as often as streams end. Returns when the server has forgotten where it was, or when the
 * signal aborts; throws what broke the last stream when only a new list can help.
 */
export async function keepWatching(watching: Watching, store: ObjectStore, from: string): Promise<void> {
  const { backoff, relistAfter, onTrouble, onStream, ...stream } = watching;
  let version = from;
  let failures = 0;
  const seen = (next: string) => {
    if (!isOlder(next, version)) version = next;
  };
  while (!stream.signal.aborted) {
    const began = stream.clock.elapsed();
    onStream?.();
    const end = await endOf(followWatch({ ...stream, version }, store, seen));
    if (end === 'expired' || stream.signal.aborted) return;
    if (end === 'ended' || stream.clock.elapsed() - began >= steady) failures = 0;
    if (end !== 'ended') {
      if (++failures >= relistAfter || isGone(end)) throw end;
      onTrouble?.(end);
    }
    await backoff.between(began, end === 'ended' ? undefined : end, stream.signal);
  }
}

function isGone(error: unknown): boolean {
  return error instanceof StatusError && error.code === 404;
}
