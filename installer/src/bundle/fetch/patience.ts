import type { Clock } from '#ports/clock';
import { Setback } from './setback.ts';

export interface Patience {
  readonly clock: Clock;
  /** Tries in a row that bring nothing new, before it is given up. */
  readonly tries: number;
  /** From 0 to 1. */
  readonly random: () => number;
}

interface Attempts<T> {
  attempt(): Promise<T>;
  /** Bytes that are there: what brings more begins to count anew. */
  readonly progress: () => number;
  readonly signal?: AbortSignal | undefined;
  waiting(because: string, milliseconds: number): void;
}

/** What was tried in vain, how often and for how long. */
export interface GivenUp {
  readonly setback: Setback;
  readonly tries: number;
  /** Milliseconds. */
  readonly spent: number;
}

const firstWait = 500;
const longestWait = 30_000;
/** An attempt that brought less has brought nothing. */
const worthwhile = 1 << 20;

/** Tries until it is done, or a Setback does not pass. Anything else that is thrown goes on at once. */
export async function patiently<T>(
  { clock, tries, random }: Patience,
  { attempt, progress, signal, waiting }: Attempts<T>,
): Promise<{ readonly value: T } | GivenUp> {
  const began = clock.elapsed();
  let [inVain, best, all] = [0, progress(), 0];
  for (;;) {
    try {
      signal?.throwIfAborted();
      return { value: await attempt() };
    } catch (setback) {
      if (!(setback instanceof Setback)) throw setback;
      all += 1;
      inVain = progress() >= best + worthwhile ? 1 : inVain + 1;
      best = Math.max(best, progress());
      if (!setback.about.mayPass || inVain >= tries) return { setback, tries: all, spent: clock.elapsed() - began };
      const pause = Math.max(setback.about.after ?? 0, backoff(inVain, random()));
      waiting(setback.message, pause);
      await clock.sleep(pause, signal);
    }
  }
}

/** Twice as long each time, and never the same for two who were refused together. */
function backoff(inVain: number, random: number): number {
  const full = Math.min(longestWait, firstWait * 2 ** (inVain - 1));
  return Math.round(full / 2 + (random * full) / 2);
}
