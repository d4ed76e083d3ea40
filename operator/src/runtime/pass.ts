import { randomUUID } from 'node:crypto';
import type { Log } from './log.ts';
import type { Time } from './time.ts';
import type { Again } from './work-queue.ts';

/** What one reconcile of one key has at hand. */
export interface Pass {
  /** Aborts when the lead has ended, and when the pass takes too long: to be handed to every request. */
  readonly signal: AbortSignal;
  /** Every line is about this controller, key and pass. */
  readonly log: Log;
  readonly reconcileId: string;
}

export type Reconcile = (key: string, pass: Pass) => Promise<Again>;

/** A pass that took longer than it may. */
export class PassTimeout extends Error {
  override readonly name = 'PassTimeout';
}

/** Runs the passes of one controller: each with a deadline, all ended by one fence. */
export class Passes {
  readonly #running = new Set<AbortController>();
  readonly #fence: AbortSignal;
  readonly #time: Time;
  readonly #deadline: number;

  /** `deadline`: milliseconds. */
  constructor(time: Time, fence: AbortSignal, deadline: number) {
    this.#time = time;
    this.#fence = fence;
    this.#deadline = deadline;
    // One listener for all: those of a signal that lives long are never let go.
    fence.addEventListener('abort', () => this.#end(), { once: true });
  }

  /**
   * Waits for the end of a pass even if it does not heed its signal: a key is never worked on twice at a time.
   * Throws what the pass throws.
   */
  async run(key: string, reconcile: Reconcile, log: Log): Promise<Again> {
    this.#fence.throwIfAborted();
    const reconcileId = randomUUID();
    const stop = new AbortController();
    const over = new AbortController();
    this.#running.add(stop);
    const late = new PassTimeout(`the pass took longer than ${this.#deadline / 1000} s`);
    this.#time.sleep(this.#deadline, over.signal).then(
      () => stop.abort(late),
      () => {},
    );
    try {
      return await reconcile(key, {
        signal: stop.signal,
        log: log.with({ key, reconcileID: reconcileId }),
        reconcileId,
      });
    } catch (error) {
      // Clients throw something of their own when they are broken off.
      throw stop.signal.reason === late ? late : error;
    } finally {
      over.abort();
      this.#running.delete(stop);
    }
  }

  #end(): void {
    for (const stop of this.#running) stop.abort(this.#fence.reason);
  }
}
