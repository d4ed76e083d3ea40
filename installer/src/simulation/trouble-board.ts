import type { Trouble, Troubles } from './bench.ts';

/** Which troubles are on, and for whom. */
export class TroubleBoard implements Troubles {
  readonly #on = new Set<string>();

  start(trouble: Trouble, subject = '*'): void {
    this.#on.add(`${trouble} ${subject}`);
  }

  end(trouble: Trouble, subject = '*'): void {
    this.#on.delete(`${trouble} ${subject}`);
  }

  has(trouble: Trouble, subject?: string): boolean {
    return this.#on.has(`${trouble} *`) || (subject !== undefined && this.#on.has(`${trouble} ${subject}`));
  }
}
