import type { KubeClock } from './clock.ts';
import { StatusError } from './status-error.ts';

const first = 500;
const longest = 30_000;
const healthyAfter = 10_000;
/** Streams that a server ends at once must not be opened again at once. */
const floor = 1000;

/** Growing pauses with full jitter; forgotten once a stream has been healthy for ten seconds. */
export class Backoff {
  readonly #clock: KubeClock;
  readonly #random: () => number;
  #failures = 0;

  constructor(clock: KubeClock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** The pause between two streams. */
  async between(began: number, error: unknown, signal: AbortSignal): Promise<void> {
    const lasted = this.#clock.elapsed() - began;
    if (lasted >= healthyAfter) this.#failures = 0;
    if (error !== undefined) return this.pause(error, signal);
    if (lasted < floor) await this.#sleep(floor - lasted, signal);
  }

  /** The pause after something failed. */
  async pause(error: unknown, signal: AbortSignal): Promise<void> {
    if (error instanceof StatusError && error.code === 403) return this.#sleep(longest, signal);
    const asked = error instanceof StatusError ? error.retryAfter : undefined;
    const most = Math.min(first * 2 ** this.#failures++, longest);
    return this.#sleep(asked === undefined ? 50 + this.#random() * most : asked * 1000, signal);
  }

  async #sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    // The caller's loop ends by itself when the signal has aborted.
    await this.#clock.sleep(milliseconds, signal).catch(() => undefined);
  }
}
