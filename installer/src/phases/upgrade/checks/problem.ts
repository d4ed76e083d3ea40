import type { Sight } from '#ports/world';

/** Something for which an upgrade has to wait, or which somebody has to mend before it. */
export interface Problem {
  /** What is so, as a sentence without full stop that names the object. */
  readonly sentence: string;
  /** What mends it, as a command or an edit. */
  readonly remedy: string;
  /** It ends by itself, as far as anybody can tell: worth waiting for. */
  readonly passing?: true;
}

export type Look = (sight: Pick<Sight, 'cluster'>) => Promise<readonly Problem[]>;
