import { setMaxListeners } from 'node:events';
import type { Bench, Double } from '../bench.ts';
import { type Api, kubeApi } from './kube-api.ts';
import { type Following, follow, type Shelf } from './shelf.ts';
import { type Reconcile, type WorkQueue, workQueue } from './work-queue.ts';

/** What a double stands on: the bench, the API server in a few words, and everything it started. */
export interface Stage {
  readonly bench: Bench;
  readonly api: Api;
  /** A shelf of one kind, kept fresh for as long as the double runs. */
  follow(following: Following): Shelf;
  /** Work by key: one at a time per key, again later when the API server refuses or when it asks to. */
  queue(reconcile: Reconcile): WorkQueue;
  /** Starts something that runs beside; a mistake in it ends the double. */
  spawn(task: () => Promise<unknown>): void;
  /** Sleeps so many simulated seconds, give or take a tenth. */
  pause(seconds: number): Promise<void>;
  /** The simulated time as Kubernetes writes it. */
  now(): string;
}

/** Makes a component double out of what it does first; it runs until the bench's signal aborts and then ends quietly. */
export function double(name: string, act: (stage: Stage) => void | Promise<void>): Double {
  return (bench) =>
    new Promise((resolve, reject) => {
      if (bench.signal.aborted) return resolve();
      // One listener per sleeper: there may be hundreds, and none of them is a leak.
      setMaxListeners(0, bench.signal);
      bench.signal.addEventListener('abort', () => resolve(), { once: true });
      const spawn = (task: () => Promise<unknown>) => {
        task().catch((cause: unknown) => {
          if (!bench.signal.aborted) reject(new Error(`the double of ${name} failed: ${String(cause)}`, { cause }));
        });
      };
      const stage = stageOf(bench, spawn);
      spawn(async () => act(stage));
    });
}

function stageOf(bench: Bench, spawn: Stage['spawn']): Stage {
  const api = kubeApi(bench);
  return {
    bench,
    api,
    spawn,
    follow(following) {
      const { shelf, done } = follow(bench, api, following);
      spawn(() => done);
      return shelf;
    },
    queue: (reconcile) => workQueue(bench, spawn, reconcile),
    pause: (seconds) => bench.clock.sleep(seconds * 1000 * (0.9 + bench.random() / 5), bench.signal),
    now: () => `${new Date(bench.clock.now()).toISOString().slice(0, 19)}Z`,
  };
}
