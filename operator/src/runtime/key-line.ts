/** Keys in the order in which they came, each once. */
export class KeyLine {
  readonly #known = new Set<string>();
  #keys: string[] = [];
  #head = 0;

  get size(): number {
    return this.#known.size;
  }

  has(key: string): boolean {
    return this.#known.has(key);
  }

  /** False when it waits already. */
  add(key: string): boolean {
    if (this.#known.has(key)) return false;
    this.#known.add(key);
    this.#keys.push(key);
    return true;
  }

  take(): string | undefined {
    const key = this.#keys[this.#head];
    if (key === undefined) return undefined;
    this.#known.delete(key);
    this.#head++;
    // Moving the rest up costs as much as what has been taken since the last time.
    if (this.#head * 2 > this.#keys.length) {
      this.#keys = this.#keys.slice(this.#head);
      this.#head = 0;
    }
    return key;
  }
}
