interface Entry {
  readonly key: string;
  readonly due: number;
}

/** Keys and when each is due, at any scale: a heap, in which what was overtaken stays until it comes to the top. */
export class DueKeys {
  readonly #due = new Map<string, number>();
  #heap: Entry[] = [];

  get size(): number {
    return this.#due.size;
  }

  /** When the first of all is due. */
  get earliest(): number | undefined {
    this.#dropOvertaken();
    return this.#heap[0]?.due;
  }

  has(key: string): boolean {
    return this.#due.has(key);
  }

  /** A key that waits already keeps the earlier of the two times; tells whether this is the new one. */
  add(key: string, due: number): boolean {
    const known = this.#due.get(key);
    if (known !== undefined && known <= due) return false;
    this.#due.set(key, due);
    this.#rise({ key, due });
    return true;
  }

  delete(key: string): void {
    this.#due.delete(key);
    // Nobody may look for long, and then what was taken out would never come to the top.
    if (this.#heap.length > 64 && this.#heap.length > 2 * this.#due.size) this.#rebuild();
  }

  /** Takes out the keys that are due by now, the earliest first. */
  take(now: number): readonly string[] {
    const taken: string[] = [];
    for (let first = this.earliest; first !== undefined && first <= now; first = this.earliest) {
      const { key } = this.#pop();
      this.#due.delete(key);
      taken.push(key);
    }
    return taken;
  }

  #dropOvertaken(): void {
    for (let top = this.#heap[0]; top !== undefined && this.#due.get(top.key) !== top.due; top = this.#heap[0]) {
      this.#pop();
    }
  }

  /** Sorted is a heap as well. */
  #rebuild(): void {
    this.#heap = [...this.#due].map(([key, due]) => ({ key, due })).toSorted((a, b) => a.due - b.due);
  }

  #rise(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above] as Entry;
      if (parent.due <= entry.due) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = entry;
  }

  #pop(): Entry {
    const heap = this.#heap;
    const top = heap[0] as Entry;
    const last = heap.pop() as Entry;
    if (heap.length > 0) this.#sink(last);
    return top;
  }

  #sink(entry: Entry): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && (heap[below + 1] as Entry).due < (heap[below] as Entry).due) below++;
      const child = heap[below] as Entry;
      if (child.due >= entry.due) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = entry;
  }
}
