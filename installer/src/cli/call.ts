import type { Terminal } from './terminal.ts';

/** One call of a command: the words and options of the command line, and the terminal that it was typed on. */
export interface Call {
  readonly words: readonly string[];
  readonly options: Options;
  readonly terminal: Terminal;
  /**
   * From now on SIGINT and SIGTERM ask to stop: once aborts the signal, twice ends at once with exit code 5; SIGHUP is
   * ignored. `say` tells the person that it was heard; the default writes to stderr.
   */
  interruption(say?: (text: string) => void): AbortSignal;
}

/** What a command does: words in, exit code out. Throws a Fault for everything that a person can act on. */
export type Body = (call: Call) => Promise<number>;

/** Options by their long name in camel case, `--dry-run` as `dryRun`. */
export interface Options {
  flag(name: string): boolean;
  text(name: string): string | undefined;
  /** Every value of an option that may be repeated. */
  texts(name: string): readonly string[];
  number(name: string): number | undefined;
}

export function optionsOf(values: Readonly<Record<string, unknown>>): Options {
  return {
    flag: (name) => values[name] === true,
    text: (name) => (typeof values[name] === 'string' ? values[name] : undefined),
    texts: (name) => (Array.isArray(values[name]) ? (values[name] as string[]) : []),
    number: (name) => (typeof values[name] === 'number' ? values[name] : undefined),
  };
}
