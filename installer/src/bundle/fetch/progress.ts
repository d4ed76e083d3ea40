import type { FetchEvent } from './fetch-all.ts';

export interface ProgressState {
  readonly jobs: number;
  /** How many jobs are done. */
  readonly done: number;
  readonly failed: number;
  /** Bytes. */
  readonly here: number;
  /** Bytes; 0 when nobody knows. */
  readonly total: number;
  /** Bytes a second, lately; undefined until it can be told. */
  readonly rate: number | undefined;
  /** Milliseconds; undefined when nothing comes. */
  readonly left: number | undefined;
  /** What is under way, in the order in which it began. */
  readonly underWay: readonly string[];
  /** Why something under way brings nothing at present: `bin/k3s waits: github.com answers 503 (…)`. */
  readonly waits: string | undefined;
}

interface Sample {
  readonly at: number;
  /** Bytes that came until then, without what was kept. */
  readonly came: number;
}

/** Milliseconds that the rate is taken over, and between two samples. */
const window = 10_000;
const sampleEvery = 250;

/** What the events of a fetch add up to; times are milliseconds of one clock, from any start. */
export class Progress {
  readonly #sizes: ReadonlyMap<string, number>;
  readonly #here = new Map<string, number>();
  readonly #underWay = new Map<string, string | undefined>();
  #samples: Sample[] = [];
  #came = 0;
  #done = 0;
  #failed = 0;

  constructor(jobs: readonly { readonly name: string; readonly size: number }[]) {
    this.#sizes = new Map(jobs.map(({ name, size }) => [name, size]));
  }

  see(event: FetchEvent, at: number): void {
    const { name } = event;
    if (this.#samples.length === 0) this.#samples.push({ at, came: 0 });
    if (event.kind === 'began') this.#underWay.set(name, undefined);
    if (event.kind === 'waiting') this.#underWay.set(name, `${name} waits: ${event.because}`);
    if (event.kind === 'has') this.#has(event, at);
    if (event.kind === 'ended') this.#ended(name, event.outcome);
  }

  at(now: number): ProgressState {
    const total = sum(this.#sizes.values());
    const here = Math.min(sum(this.#here.values()), total || Number.POSITIVE_INFINITY);
    const rate = this.#rate(now);
    return {
      jobs: this.#sizes.size,
      done: this.#done,
      failed: this.#failed,
      here,
      total,
      rate,
      left: rate === undefined || rate === 0 || total === 0 ? undefined : ((total - here) / rate) * 1000,
      underWay: [...this.#underWay.keys()],
      waits: [...this.#underWay.values()].find((why) => why !== undefined),
    };
  }

  #has({ name, bytes, kept }: Extract<FetchEvent, { kind: 'has' }>, at: number): void {
    // What had to be begun anew came as well, so what is here may become less and what came never does.
    const more = bytes - (this.#here.get(name) ?? 0);
    this.#here.set(name, bytes);
    this.#underWay.set(name, undefined);
    if (kept === true || more <= 0) return;
    this.#came += more;
    const last = this.#samples.at(-1);
    if (last === undefined || at - last.at >= sampleEvery) this.#samples.push({ at, came: this.#came });
    const kept10 = this.#samples.findLastIndex((one) => one.at <= at - window);
    if (kept10 > 0) this.#samples = this.#samples.slice(kept10);
  }

  #ended(name: string, outcome: 'done' | 'failed' | 'stopped'): void {
    this.#underWay.delete(name);
    if (outcome === 'done') this.#done += 1;
    if (outcome === 'failed') this.#failed += 1;
    if (outcome === 'done') this.#here.set(name, this.#sizes.get(name) ?? 0);
  }

  #rate(now: number): number | undefined {
    const from = this.#samples.findLast((one) => one.at <= now - window) ?? this.#samples[0];
    if (from === undefined || now - from.at < 1000) return undefined;
    return ((this.#came - from.came) / (now - from.at)) * 1000;
  }
}

function sum(all: Iterable<number>): number {
  let whole = 0;
  for (const one of all) whole += one;
  return whole;
}
