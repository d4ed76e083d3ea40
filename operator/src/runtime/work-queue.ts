import type { Time } from './time.ts';

/** What a reconcile asks for: nothing, or to be called again after so many milliseconds. */
export interface Again {
  readonly after?: number;
}

const firstRetry = 1_000;
const lastRetry = 5 * 60_000;

/**
 * Keys waiting to be reconciled: a key waits once however often it is added, is never worked on twice at a time, and
 * comes back later and later while it fails.
 */
export class WorkQueue {
  readonly #time: Time;
  readonly #signal: AbortSignal;
  readonly #reconcile: (key: string) => Promise<Again>;
  readonly #failed: (key: string, error: unknown) => void;
  readonly #waiting = new Set<string>();
  readonly #working = new Map<string, Promise<void>>();
  readonly #later = new Map<string, { readonly due: number; readonly stop: AbortController }>();
  readonly #failures = new Map<string, number>();
  readonly #concurrency: number;

  constructor(about: {
    readonly time: Time;
    readonly signal: AbortSignal;
    readonly concurrency: number;
    reconcile(key: string): Promise<Again>;
    failed(key: string, error: unknown): void;
  }) {
    this.#time = about.time;
    this.#signal = about.signal;
    this.#concurrency = about.concurrency;
    this.#reconcile = about.reconcile;
    this.#failed = about.failed;
  }

  add(key: string): void {
    this.#waiting.add(key);
    this.#next();
  }

  /** Settles when nothing is being worked on; once the signal has aborted, nothing new begins. */
  async idle(): Promise<void> {
    while (this.#working.size > 0) await Promise.all(this.#working.values());
  }

  /** One pause for each key: the one that ends first. */
  #addAfter(key: string, milliseconds: number): void {
    const due = this.#time.elapsed() + milliseconds;
    const pending = this.#later.get(key);
    if (pending !== undefined && pending.due <= due) return;
    pending?.stop.abort();
    const stop = new AbortController();
    this.#later.set(key, { due, stop });
    this.#time.sleep(milliseconds, AbortSignal.any([this.#signal, stop.signal])).then(
      () => {
        this.#later.delete(key);
        this.add(key);
      },
      () => {},
    );
  }

  #next(): void {
    for (const key of this.#waiting) {
      if (this.#signal.aborted || this.#working.size >= this.#concurrency) return;
      if (this.#working.has(key)) continue;
      this.#waiting.delete(key);
      this.#working.set(key, this.#work(key));
    }
  }

  async #work(key: string): Promise<void> {
    try {
      const again = await this.#reconcile(key);
      this.#failures.delete(key);
      if (again.after !== undefined) this.#addAfter(key, again.after);
    } catch (error) {
      if (!this.#signal.aborted) this.#retry(key, error);
    } finally {
      this.#working.delete(key);
      this.#next();
    }
  }

  #retry(key: string, error: unknown): void {
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    this.#failed(key, error);
    this.#addAfter(key, Math.min(lastRetry, firstRetry * 2 ** (failures - 1)));
  }
}
