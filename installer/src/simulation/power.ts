import type { Fuse } from './bench.ts';

/** Thrown where the power goes. Nobody catches it but the rehearsal: a machine without power reports nothing. */
export class PowerCut extends Error {
  override readonly name = 'PowerCut';
  /** The write at which it went, and whether that write was before it, half done or safe. */
  readonly during: string;
  readonly moment: 'before' | 'torn' | 'after';

  constructor(during: string, moment: 'before' | 'torn' | 'after') {
    super(
      `power cut ${moment === 'before' ? 'before' : moment === 'torn' ? 'in the middle of' : 'right after'} “${during}”`,
    );
    this.during = during;
    this.moment = moment;
  }
}

/** Decides for each write whether the power goes at it; `count` numbers all writes of a rehearsal from 1. */
export type CutRule = (write: {
  readonly what: string;
  readonly count: number;
}) => 'before' | 'torn' | 'after' | undefined;

/** A fuse that counts writes and blows once per rule that says so; afterwards nothing works until `mend`. */
export class RehearsalFuse implements Fuse {
  count = 0;
  /** What goes dark together with the installer. */
  onBlow: () => void = () => {};
  #rule: CutRule | undefined;
  #blown: PowerCut | undefined;
  /** The write after which the power goes; others may be under way beside it. */
  #pending: string | undefined;

  arm(rule: CutRule | undefined): void {
    this.#rule = rule;
  }

  /** The power is back. A rule that has not blown yet stays: a restart that was asked for does not disarm it. */
  mend(): void {
    this.#blown = undefined;
    this.#pending = undefined;
  }

  get blown(): boolean {
    return this.#blown !== undefined;
  }

  before(what: string): 'whole' | 'torn' {
    if (this.#blown !== undefined) throw this.#blown;
    this.count++;
    const moment = this.#rule?.({ what, count: this.count });
    if (moment === 'before') return this.#blow(what, 'before');
    if (moment === 'after') this.#pending = what;
    return moment === 'torn' ? 'torn' : 'whole';
  }

  after(what: string): void {
    if (this.#blown !== undefined) throw this.#blown;
    if (this.#pending === what) this.#blow(what, 'after');
  }

  blow(what: string): never {
    return this.#blow(what, 'torn');
  }

  #blow(what: string, moment: 'before' | 'torn' | 'after'): never {
    this.#rule = undefined;
    this.#blown = new PowerCut(what, moment);
    this.onBlow();
    throw this.#blown;
  }
}
