import type { Clock } from '#ports/clock';

interface Sleeper {
  readonly due: number;
  readonly order: number;
  wake(): void;
}

/**
 * A clock that jumps to the next sleeper as soon as nobody has anything left to do.
 * "Nothing left to do" is a turn of the event loop in which no promise of ours moved; real input and output
 * (a file of the bundle) is wrapped in `busy`, so that no simulated time passes while it is under way.
 */
export class VirtualClock implements Clock {
  #elapsed = 0;
  #offset: number;
  #order = 0;
  #busy = 0;
  #turning = false;
  #sleepers: Sleeper[] = [];

  constructor(start = Date.UTC(2026, 10, 21, 6, 0, 0)) {
    this.#offset = start;
  }

  now(): number {
    return this.#offset + this.#elapsed;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  /** Moves the hands: a clock that was set, not time that passed. */
  jump(milliseconds: number): void {
    this.#offset += milliseconds;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sleeper: Sleeper = {
        due: this.#elapsed + Math.max(0, milliseconds),
        order: this.#order++,
        wake: () => {
          signal?.removeEventListener('abort', cancel);
          resolve();
        },
      };
      const cancel = () => {
        this.#sleepers = this.#sleepers.filter((one) => one.order !== sleeper.order);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', cancel, { once: true });
      this.#insert(sleeper);
      this.#turn();
    });
  }

  /** Holds the hands still while real work is under way. */
  async busy<T>(work: Promise<T>): Promise<T> {
    this.#busy++;
    try {
      return await work;
    } finally {
      this.#busy--;
      this.#turn();
    }
  }

  #insert(sleeper: Sleeper): void {
    let low = 0;
    let high = this.#sleepers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#sleepers[middle] as Sleeper;
      if (other.due < sleeper.due || (other.due === sleeper.due && other.order < sleeper.order)) low = middle + 1;
      else high = middle;
    }
    this.#sleepers.splice(low, 0, sleeper);
  }

  #turn(): void {
    if (this.#turning) return;
    this.#turning = true;
    setImmediate(() => {
      this.#turning = false;
      if (this.#busy > 0) return;
      const next = this.#sleepers.shift();
      if (next === undefined) return;
      this.#elapsed = Math.max(this.#elapsed, next.due);
      next.wake();
      this.#turn();
    });
  }
}
