export interface Rate {
  /** How many a second in the long run. */
  readonly perSecond: number;
  /** How many at once after a rest. */
  readonly burst: number;
}

/** Turns given out at a rate; who comes too early is told how long to wait, and has his turn then. */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #filled = 0;

  constructor(rate: Rate) {
    this.#rate = rate;
    this.#tokens = rate.burst;
  }

  /** Takes a turn. Milliseconds to wait for it, 0 for none. */
  wait(now: number): number {
    this.#fill(now);
    this.#tokens--;
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#rate.perSecond) * 1000;
  }

  /** Takes a turn if there is one now. */
  take(now: number): boolean {
    this.#fill(now);
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  #fill(now: number): void {
    const { perSecond, burst } = this.#rate;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filled) / 1000) * perSecond);
    this.#filled = now;
  }
}
