import type { Time } from './time.ts';

/** Milliseconds between two beats, how late one may be, and how long one that was later is remembered. */
const every = 1000;
const mostLate = 5000;
const remembered = 30_000;

/**
 * Whether the loop of events goes round. A blocked loop answers nobody; and once it goes on, its timers come before
 * whoever asks how it is: so a late beat is remembered for longer than the time between two probes.
 */
export class Pulse {
  readonly #time: Time;
  #last: number;
  #late: { readonly at: number; readonly by: number } | undefined;

  constructor(time: Time) {
    this.#time = time;
    this.#last = time.elapsed();
  }

  /** Beats until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    this.#last = this.#time.elapsed();
    while (!signal.aborted) {
      await this.#time.sleep(every, signal).catch(() => {});
      this.#look();
      this.#last = this.#time.elapsed();
    }
  }

  /** What is wrong; undefined when nothing is. */
  trouble(): string | undefined {
    this.#look();
    if (this.#late === undefined || this.#time.elapsed() - this.#late.at > remembered) return undefined;
    return `the event loop stood still for ${Math.round(this.#late.by / 1000)} s`;
  }

  #look(): void {
    const at = this.#time.elapsed();
    const by = at - this.#last - every;
    if (by > mostLate) this.#late = { at, by };
  }
}
