import { parseArgs } from 'node:util';
import { type FlagName, flags, variableOf } from './flag-table.ts';

/** A mistake in how the operator was called; its message names the flag or the variable. */
export class FlagError extends Error {
  override readonly name = 'FlagError';
}

/** A value and what set it: `--log-level`, `WUKONG_LOG_LEVEL`. */
export interface Given {
  readonly source: string;
  readonly text: string;
}

export type Values = Readonly<Record<FlagName, Given>>;

/** What the words of the command line and the environment say; throws a FlagError. */
export function readFlags(words: readonly string[], environment: NodeJS.ProcessEnv): Values {
  const typed = typedFlags(words);
  const entries = flags.map(({ name, fallback }): [FlagName, Given] => {
    const set = environment[variableOf(name)];
    const source = typed.has(name) || set === undefined || set === '' ? `--${name}` : variableOf(name);
    // An empty variable is one that nobody set; an empty word was typed.
    return [name, { source, text: typed.get(name) ?? (set || fallback) }];
  });
  return Object.fromEntries(entries) as Record<FlagName, Given>;
}

const known: ReadonlyMap<string, boolean> = new Map(flags.map((flag) => [flag.name, 'value' in flag]));

function typedFlags(words: readonly string[]): ReadonlyMap<string, string> {
  const options = Object.fromEntries([...known].map(([name]) => [name, { type: 'string' as const }]));
  const { tokens } = parseArgs({ args: words.map(spelledOut), options, strict: false, tokens: true });
  const typed = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === 'positional') throw new FlagError(`“${token.value}” is not a flag; --help lists them`);
    if (token.kind === 'option-terminator') continue;
    if (!known.has(token.name)) throw new FlagError(`there is no flag ${token.rawName}; --help lists them`);
    if (token.value === undefined) throw new FlagError(`${token.rawName} needs a value`);
    typed.set(token.name, token.value);
  }
  return typed;
}

/** `--leader-elect` is `--leader-elect=true`, `--no-leader-elect` its contrary. */
function spelledOut(word: string): string {
  if (known.get(word.replace(/^--/, '')) === false) return `${word}=true`;
  const contrary = /^--no-(.+)$/.exec(word)?.[1];
  return contrary !== undefined && known.get(contrary) === false ? `--${contrary}=false` : word;
}
