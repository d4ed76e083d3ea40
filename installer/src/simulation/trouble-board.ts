import type { Trouble, Troubles } from './bench.ts';

/** Which troubles are on, and for whom. */
export class TroubleBoard implements Troubles {
  readonly #on = new Set<string>();
  readonly #listeners = new Set<() => void>();

  start(trouble: Trouble, subject = '*'): void {
    this.#on.add(`${trouble} ${subject}`);
    this.#tell();
  }

  end(trouble: Trouble, subject = '*'): void {
    this.#on.delete(`${trouble} ${subject}`);
    this.#tell();
  }

  has(trouble: Trouble, subject?: string): boolean {
    return this.#on.has(`${trouble} *`) || (subject !== undefined && this.#on.has(`${trouble} ${subject}`));
  }

  onChange(tell: () => void, signal: AbortSignal): void {
    this.#listeners.add(tell);
    signal.addEventListener('abort', () => this.#listeners.delete(tell), { once: true });
  }

  #tell(): void {
    for (const tell of this.#listeners) tell();
  }
}
