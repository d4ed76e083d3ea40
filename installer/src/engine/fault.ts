import type { FaultRecord } from '#ports/journal';
import { type Code, codes } from './codes.ts';

export interface FaultAbout {
  readonly code: Code;
  /** What is wrong, in the user's nouns, with the numbers; one sentence, no full stop. */
  readonly message: string;
  /** Why: another Fault, an Error, or a sentence. Chains are told outermost first. */
  readonly cause?: unknown;
  /** Where: `edge.yaml:14:9`, `host plant-7-a`, `step k3s/unit`, `object Node plant-7-a`, `file bundle/…`. */
  readonly where?: readonly string[];
  /** The last lines of what was seen, already redacted. */
  readonly evidence?: readonly string[];
  /** One to three things to do next; each a command or an edit that can be copied. */
  readonly remedy: readonly [string, ...string[]];
}

/** A failure that a person can act on: what happened, because of what, where, and what to do next. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: Code;
  readonly where: readonly string[];
  readonly evidence: readonly string[];
  readonly remedy: readonly [string, ...string[]];

  constructor(about: FaultAbout) {
    super(about.message, about.cause === undefined ? undefined : { cause: about.cause });
    this.code = about.code;
    this.where = about.where ?? [];
    this.evidence = about.evidence ?? [];
    this.remedy = about.remedy;
  }

  get exitCode(): number {
    return codes[this.code].exit;
  }

  /** The same fault with more places behind those that it already names. */
  at(...where: readonly string[]): Fault {
    const added = where.filter((place) => !this.where.includes(place));
    return new Fault({ ...this.about(), where: [...this.where, ...added] });
  }

  /** The plain data that journal, views and report work with. */
  record(): FaultRecord {
    return {
      code: this.code,
      message: this.message,
      because: reasons(this.cause),
      where: this.where,
      evidence: this.evidence,
      remedy: this.remedy,
    };
  }

  private about(): FaultAbout {
    const { code, message, evidence, remedy, cause } = this;
    return { code, message, evidence, remedy, ...(cause === undefined ? {} : { cause }) };
  }
}

/** The sentences of a chain of causes, outermost first. */
export function reasons(cause: unknown): readonly string[] {
  if (cause === undefined || cause === null) return [];
  if (typeof cause === 'string') return [cause];
  if (cause instanceof Error) return [cause.message, ...reasons(cause.cause)];
  return [JSON.stringify(cause)];
}
