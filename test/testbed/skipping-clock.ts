import type { Clock } from '#ports/clock';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** The real time, with spans that can be skipped: whoever would have slept through them wakes at once. */
export class SkippingClock implements Clock {
  readonly #sleepers = new Set<Sleeper>();
  #skipped = 0;

  now(): number {
    return Date.now() + this.#skipped;
  }

  elapsed(): number {
    return performance.now() + this.#skipped;
  }

  skip(milliseconds: number): void {
    this.#skipped += milliseconds;
    for (const { until, wake } of this.#sleepers) if (until <= this.now()) wake();
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper = { until: this.now() + milliseconds, wake: resolve };
    const abort = () => reject(signal?.reason);
    const timer = setTimeout(resolve, milliseconds);
    this.#sleepers.add(sleeper);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#sleepers.delete(sleeper);
      signal?.removeEventListener('abort', abort);
    }
  }
}
