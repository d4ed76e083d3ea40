import { DueKeys } from './due-keys.ts';
import { KeyLine } from './key-line.ts';
import { RetryDelays } from './retry-delays.ts';
import { TerminalError } from './terminal-error.ts';
import type { Time } from './time.ts';
import { WakeUp } from './wake-up.ts';

/** What a reconcile asks for: nothing, or to be called again after so many milliseconds. */
export interface Again {
  readonly after?: number;
}

/** Told how long, in milliseconds, keys waited and were worked on. */
export interface QueueObserver {
  waited(milliseconds: number): void;
  worked(milliseconds: number): void;
}

/** How a queue stands; read only by who asks. */
export interface QueueState {
  readonly depth: number;
  readonly adds: number;
  readonly retries: number;
  /** Since when, by `elapsed`, each key that is worked on has been. */
  readonly working: readonly number[];
}

export interface WorkQueueOptions {
  readonly time: Time;
  /** Once it has aborted, nothing new begins. */
  readonly signal: AbortSignal;
  readonly concurrency: number;
  /** A number in [0, 1) for the jitter of retries. Default: always a half. */
  readonly random?: () => number;
  readonly observer?: QueueObserver;
  reconcile(key: string): Promise<Again>;
  failed(key: string, error: unknown): void;
}

/** So many begin before the loop of events is let in: reconciles that find nothing to do need nothing from outside. */
const breath = 100;

/**
 * Keys waiting to be reconciled: a key waits once however often it is added, is never worked on twice at a time, and
 * comes back later and later while it fails.
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #waiting = new KeyLine();
  /** Added while they were worked on. */
  readonly #dirty = new Set<string>();
  readonly #working = new Map<string, { readonly since: number; readonly done: Promise<void> }>();
  readonly #later = new DueKeys();
  /** Those of `#later` that wait only because they failed: a success makes that pointless. */
  readonly #retrying = new Set<string>();
  readonly #delays: RetryDelays;
  readonly #wake: WakeUp;
  /** Since when each key waits; kept only for an observer. */
  readonly #since = new Map<string, number>();
  #counts = { adds: 0, retries: 0 };
  #begun = 0;
  #beginning = false;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
    this.#delays = new RetryDelays(options.random ?? (() => 0.5));
    this.#wake = new WakeUp(options.time, () => this.#takeDue());
    options.signal.addEventListener('abort', () => this.#wake.cancel(), { once: true });
  }

  add(key: string): void {
    if (this.#options.signal.aborted) return;
    const isNew = this.#working.has(key) ? !this.#dirty.has(key) : this.#waiting.add(key);
    if (!isNew) return;
    if (this.#working.has(key)) this.#dirty.add(key);
    this.#counts.adds++;
    if (this.#options.observer !== undefined) this.#since.set(key, this.#options.time.elapsed());
    this.#beginSoon();
  }

  /** Adds a key after so many milliseconds; of several such wishes the one that ends first counts. */
  addAfter(key: string, milliseconds: number): void {
    this.#retrying.delete(key);
    this.#addLater(key, milliseconds);
  }

  /** Settles when nothing is being worked on; once the signal has aborted, nothing new begins. */
  async idle(): Promise<void> {
    while (this.#working.size > 0) await Promise.all([...this.#working.values()].map((one) => one.done));
  }

  state(): QueueState {
    const working = [...this.#working.values()].map((one) => one.since);
    return { depth: this.#waiting.size + this.#dirty.size, ...this.#counts, working };
  }

  /** How many keys are remembered for whatever reason. */
  get remembered(): number {
    const { depth } = this.state();
    return depth + this.#working.size + this.#later.size + this.#delays.failing + this.#since.size;
  }

  #addLater(key: string, milliseconds: number): void {
    this.#later.add(key, this.#options.time.elapsed() + milliseconds);
    if (!this.#options.signal.aborted) this.#wake.at(this.#later.earliest);
  }

  #takeDue(): void {
    for (const key of this.#later.take(this.#options.time.elapsed())) {
      this.#retrying.delete(key);
      this.add(key);
    }
    this.#wake.at(this.#later.earliest);
  }

  /** What is added in one breath is one wish: a change of an object is often told twice. */
  #beginSoon(): void {
    if (this.#beginning) return;
    this.#beginning = true;
    queueMicrotask(() => {
      this.#beginning = false;
      this.#next();
    });
  }

  #next(): void {
    const { signal, concurrency, time } = this.#options;
    while (!signal.aborted && this.#working.size < concurrency && this.#begun < breath) {
      const key = this.#waiting.take();
      if (key === undefined) return;
      if (++this.#begun === breath) void time.sleep(0).then(() => this.#breathe());
      const done = Promise.withResolvers<void>();
      this.#working.set(key, { since: time.elapsed(), done: done.promise });
      void this.#work(key).then(done.resolve);
    }
  }

  #breathe(): void {
    this.#begun = 0;
    this.#next();
  }

  async #work(key: string): Promise<void> {
    const { time, observer } = this.#options;
    const began = time.elapsed();
    observer?.waited(began - (this.#since.get(key) ?? began));
    this.#since.delete(key);
    try {
      this.#succeeded(key, await this.#options.reconcile(key));
    } catch (error) {
      this.#failed(key, error);
    }
    observer?.worked(time.elapsed() - began);
    this.#working.delete(key);
    if (this.#dirty.delete(key)) this.#waiting.add(key);
    this.#next();
  }

  #succeeded(key: string, { after }: Again): void {
    this.#forget(key);
    if (after !== undefined) this.addAfter(key, after);
  }

  #failed(key: string, error: unknown): void {
    // What is broken off at the end is no news.
    if (this.#options.signal.aborted) return;
    this.#options.failed(key, error);
    if (error instanceof TerminalError) return this.#forget(key);
    this.#counts.retries++;
    if (!this.#later.has(key)) this.#retrying.add(key);
    this.#addLater(key, this.#delays.next(key, this.#options.time.elapsed()));
  }

  #forget(key: string): void {
    this.#delays.forget(key);
    if (this.#retrying.delete(key)) this.#later.delete(key);
  }
}
