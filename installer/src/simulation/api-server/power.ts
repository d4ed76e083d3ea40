import type { Clock } from '#ports/clock';
import type { Later } from './chores.ts';
import type { OpenWatch } from './watch.ts';

const bookmarkEvery = 60_000;

/** Whether the server runs, and everything that ends or pauses when it does not. */
export class Power {
  readonly #clock: Pick<Clock, 'now' | 'sleep'>;
  readonly #watches = new Set<OpenWatch>();
  readonly #waiting: (() => void)[] = [];
  #ticking = false;
  #on = true;
  #since = 0;

  constructor(clock: Pick<Clock, 'now' | 'sleep'>) {
    this.#clock = clock;
  }

  /** Rejects while there is no power; the returned check rejects when it went in the meantime. */
  require(): () => void {
    if (!this.#on) throw lost('connect ECONNREFUSED 127.0.0.1:6443', 'ECONNREFUSED');
    const since = this.#since;
    return () => {
      if (!this.#on || since !== this.#since) throw lost('read ECONNRESET', 'ECONNRESET');
    };
  }

  drop(): void {
    this.#on = false;
    this.#since++;
    this.breakWatches();
  }

  up(): void {
    this.#on = true;
    for (const work of this.#waiting.splice(0)) work();
  }

  breakWatches(): void {
    for (const watch of this.#watches) watch.break(lost('terminated', 'ECONNRESET'));
  }

  /** Keeps a watch until it is closed; it ends by itself after so many seconds. */
  opened(watch: OpenWatch, seconds: number): () => void {
    this.#watches.add(watch);
    const closing = new AbortController();
    this.#clock.sleep(seconds * 1000, closing.signal).then(watch.end, () => undefined);
    if (!this.#ticking) void this.#tick();
    return () => {
      this.#watches.delete(watch);
      closing.abort();
    };
  }

  readonly later: Later = (milliseconds, work) => {
    void this.#run(milliseconds, work);
  };

  async #run(milliseconds: number, work: () => Promise<void> | void): Promise<void> {
    await this.#clock.sleep(milliseconds);
    if (this.#on) return work();
    this.#waiting.push(() => void work());
  }

  /** A bookmark a minute to everybody who asked for them. */
  async #tick(): Promise<void> {
    this.#ticking = true;
    while (this.#watches.size > 0) {
      await this.#clock.sleep(bookmarkEvery);
      for (const watch of this.#watches) watch.bookmark();
    }
    this.#ticking = false;
  }
}

function lost(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}
