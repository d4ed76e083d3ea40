import { TokenBucket } from '#kube/token-bucket';

const first = 1_000;
const longest = 5 * 60_000;

/**
 * How long a key that failed waits: a second, then twice as long each time, up to five minutes, a fifth more or less;
 * and never more than ten retries a second over all keys, after a hundred at once.
 */
export class RetryDelays {
  readonly #failures = new Map<string, number>();
  readonly #all = new TokenBucket({ perSecond: 10, burst: 100 });
  readonly #random: () => number;

  /** `random`: a number in [0, 1). */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** How many keys have failed and not succeeded since. */
  get failing(): number {
    return this.#failures.size;
  }

  /** Milliseconds until a key that has just failed is tried again. */
  next(key: string, now: number): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    const own = Math.min(longest, first * 2 ** failures) * (0.8 + 0.4 * this.#random());
    return Math.max(own, this.#all.wait(now));
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }
}
