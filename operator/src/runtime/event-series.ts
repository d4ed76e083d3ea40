import type { KubeObject } from '#kube/object';
import { TokenBucket } from '#kube/token-bucket';
import { DueKeys } from './due-keys.ts';
import type { Happening, Series } from './event-object.ts';

/** One series, and what the server knows of it. */
interface KnownSeries extends Series {
  count: number;
  last: number;
  /** By `elapsed`: when it last happened, and when it was last tried to tell the server. */
  touched: number;
  told?: number;
}

/** A series of which the server is to be told; a new one it does not know. */
export interface Telling {
  readonly series: Series;
  readonly isNew: boolean;
}

/** The same happening within this long is one series; milliseconds. */
const sameFor = 6 * 60_000;
/** How often the server is told that a series goes on. */
const tellEvery = 60_000;
/** Kubernetes' own clients stop at 25 events about one object, and then let one through every five minutes. */
const perObject = { perSecond: 1 / 300, burst: 25 };
const mostSeries = 5_000;
const mostObjects = 10_000;

/** Happenings, put together: which are the same, which are too many, and when the server is to be told of each. */
export class EventSeries {
  readonly #series = new Map<string, KnownSeries>();
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #due = new DueKeys();
  /** Happenings that nobody is told of. */
  dropped = 0;

  /** By `elapsed`: when the next is to be told; undefined when nothing is. */
  get earliest(): number | undefined {
    return this.#due.earliest;
  }

  /** `now`: milliseconds since 1970; `elapsed`: by a clock that only grows. */
  add(object: KubeObject, happening: Happening, now: number, elapsed: number): void {
    this.#forgetOld(elapsed);
    const { metadata } = object;
    const id = metadata.uid ?? `${object.kind}/${metadata.namespace ?? ''}/${metadata.name}`;
    const key = [id, happening.type, happening.reason, happening.action, happening.note].join('\n');
    const known = this.#series.get(key);
    if (known !== undefined) return this.#again(known, now, elapsed);
    if (this.#series.size >= mostSeries || !this.#bucket(id).take(elapsed)) return void this.dropped++;
    const about = { apiVersion: object.apiVersion, kind: object.kind, metadata };
    this.#series.set(key, { key, object: about, happening, count: 1, first: now, last: now, touched: elapsed });
    this.#due.add(key, elapsed);
  }

  /** Takes out those that the server is to be told of by now. What happens from here on is told a minute later. */
  take(elapsed: number): readonly Telling[] {
    return this.#due.take(elapsed).flatMap((key) => {
      const series = this.#series.get(key);
      if (series === undefined) return [];
      const isNew = series.told === undefined;
      series.told = elapsed;
      return { series, isNew };
    });
  }

  #again(known: KnownSeries, now: number, elapsed: number): void {
    Object.assign(known, { count: known.count + 1, last: now, touched: elapsed });
    // Those that were heard of last come last.
    this.#series.delete(known.key);
    this.#series.set(known.key, known);
    this.#due.add(known.key, Math.max(elapsed, (known.told ?? elapsed) + tellEvery));
  }

  #bucket(id: string): TokenBucket {
    const bucket = this.#buckets.get(id) ?? new TokenBucket(perObject);
    this.#buckets.delete(id);
    this.#buckets.set(id, bucket);
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size <= mostObjects) break;
      this.#buckets.delete(oldest);
    }
    return bucket;
  }

  #forgetOld(elapsed: number): void {
    for (const { key, touched } of this.#series.values()) {
      if (elapsed - touched <= sameFor) return;
      this.#series.delete(key);
      this.#due.delete(key);
    }
  }
}
