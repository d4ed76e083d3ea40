import type { Bench } from '../bench.ts';
import { mayPass } from './kube-api.ts';

/** Brings one key to what it should be. A number asks to be called again after so many seconds. */
export type Reconcile = (key: string) => Promise<number | undefined | void>;

export interface WorkQueue {
  /** Asks for a key to be looked at; many asks while it waits or works are one. */
  add(key: string): void;
  addAfter(key: string, seconds: number): void;
}

type Spawn = (task: () => Promise<unknown>) => void;

interface Entry {
  working: boolean;
  again: boolean;
  failures: number;
}

const LONGEST_WAIT = 30;

/** A work queue as controllers have one: a key is never worked on twice at once; refusals are tried again, slower each time. */
export function workQueue(bench: Bench, spawn: Spawn, reconcile: Reconcile): WorkQueue {
  const entries = new Map<string, Entry>();
  const add = (key: string) => {
    if (bench.signal.aborted) return;
    const entry = entries.get(key) ?? { working: false, again: false, failures: 0 };
    entries.set(key, entry);
    entry.again = true;
    if (!entry.working) spawn(() => work(key, entry));
  };
  const addAfter = (key: string, seconds: number) =>
    spawn(() => bench.clock.sleep(seconds * 1000, bench.signal).then(() => add(key)));
  const work = async (key: string, entry: Entry) => {
    entry.working = true;
    // A turn later, so that a burst of events is one piece of work.
    await Promise.resolve();
    while (entry.again) {
      entry.again = false;
      const after = await attempt(entry, () => reconcile(key));
      if (bench.signal.aborted) return;
      if (after !== undefined) addAfter(key, after);
    }
    entry.working = false;
    if (entry.failures === 0) entries.delete(key);
  };
  return { add, addAfter };
}

async function attempt(entry: Entry, task: () => ReturnType<Reconcile>): Promise<number | undefined> {
  try {
    const after = await task();
    entry.failures = 0;
    return after ?? undefined;
  } catch (error) {
    if (!mayPass(error)) throw error;
    entry.failures++;
    return Math.min(2 ** (entry.failures - 1), LONGEST_WAIT);
  }
}
