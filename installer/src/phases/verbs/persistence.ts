/** How long a gap between two looks may be before what was seen counts as new. */
const gap = 60_000;

/**
 * Remembers since when something has been so without a break. A rerun, or a clock that was set, starts anew: what was
 * wrong before says nothing about now.
 */
export class Persistence {
  readonly #seen = new Map<string, { first: number; last: number }>();

  /** Milliseconds for which `key` has been seen by now; the first look gives 0. */
  since(key: string, now: number): number {
    const before = this.#seen.get(key);
    const unbroken = before !== undefined && now >= before.last && now - before.last <= gap;
    const first = unbroken ? before.first : now;
    this.#seen.set(key, { first, last: now });
    return now - first;
  }

  /** Whether `key` has been seen for so many milliseconds by now; once that is so, the next look counts as the first. */
  stayed(key: string, now: number, span: number): boolean {
    if (this.since(key, now) < span) return false;
    this.#seen.delete(key);
    return true;
  }
}
