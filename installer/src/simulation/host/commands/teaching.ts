import type { Answer } from '#ports/host';
import type { SimulatedMachine } from '../simulated-machine.ts';

/** A command as it was given: `words` are what follows the words that it was known by. */
export interface Call {
  readonly machine: SimulatedMachine;
  readonly words: readonly string[];
  readonly input: string;
}

/** One command that simulated hosts understand. */
export interface Teaching {
  /** The words that it starts with, program first. */
  readonly command: readonly [string, ...string[]];
  /** Whether the program is installed; by default it comes with Ubuntu. */
  readonly there?: (machine: SimulatedMachine) => boolean;
  /** What it answers when it only looks. */
  readonly answer?: (call: Call) => Answer;
  /** What it does when it changes something. */
  readonly act?: (call: Call) => Answer | Promise<Answer>;
  /** Milliseconds that acting takes. */
  readonly takes?: number | ((call: Call) => number);
  /** What is left when the power goes in the middle; nothing by default. */
  readonly torn?: (call: Call) => void;
}

export function said(...lines: readonly string[]): Answer {
  return { exitCode: 0, stdout: lines.join('\n'), stderr: '' };
}

export function refused(exitCode: number, stderr: string, stdout = ''): Answer {
  return { exitCode, stdout, stderr };
}

/** The words that are no options. */
export function operands(words: readonly string[]): readonly string[] {
  return words.filter((word) => !word.startsWith('-'));
}

/** The value of `--name=value` or `--name value`; undefined without it. */
export function option(words: readonly string[], name: string): string | undefined {
  const joined = words.find((word) => word.startsWith(`${name}=`));
  if (joined !== undefined) return joined.slice(name.length + 1);
  const at = words.indexOf(name);
  return at < 0 ? undefined : words[at + 1];
}
