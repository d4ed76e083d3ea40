import type { Answer } from './host.ts';

export interface ProgramOptions {
  readonly input?: string;
  /** Milliseconds; default: none. */
  readonly timeout?: number;
  /** Added to the environment of this process. Secrets go here or by `input`, never as arguments. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Called with each line of stdout and stderr as it comes. */
  readonly line?: (text: string) => void;
}

/**
 * Runs a program of the machine that a bundle is made on, with all its children, to its end. Its output is given exactly
 * as it was written, with its final newline. A non-zero exit is an answer; a program that is not there is the Fault PROGRAM-MISSING, which names the package that brings it.
 */
export type RunProgram = (command: readonly [string, ...string[]], options?: ProgramOptions) => Promise<Answer>;
