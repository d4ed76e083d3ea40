import type { CommanderError } from 'commander';
import { bodies } from './bodies.ts';
import { optionsOf } from './call.ts';
import type { CommandTable } from './command-table.ts';
import { program } from './program.ts';
import { type System, type Terminal, terminalOn } from './terminal.ts';
import { version } from './version.ts';

/** One command line from its words to its exit code. */
export async function main(words: readonly string[], system: System): Promise<number> {
  const early = terminalOn(system, earlyOptions(words));
  let exitCode = 0;
  const commandLine = program({
    version,
    write: (text) => early.print(text),
    columns: early.columns,
    async run(command, args, values) {
      const terminal = terminalOn(system, values);
      exitCode = await runCommand(command, args, values, terminal, words);
    },
  });
  try {
    await commandLine.parseAsync(words, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (isHelp(error)) return error.code === 'commander.help' ? 2 : 0;
    return await failed(error, early, words);
  }
}

async function runCommand(
  command: CommandTable,
  words: readonly string[],
  values: Record<string, unknown>,
  terminal: Terminal,
  line: readonly string[],
): Promise<number> {
  try {
    const load = bodies[command.name];
    if (load === undefined) throw new Error(`the command ${command.name} has no body`);
    const body = await load();
    const { interruption } = await import('./interruption.ts');
    const tell = (text: string) => terminal.tell(`${text}\n`);
    return await body({
      words,
      options: optionsOf(values),
      terminal,
      interruption: (say = tell) => interruption(process, say),
    });
  } catch (error) {
    return await failed(error, terminal, line);
  }
}

/** The one place where what went wrong becomes a text and an exit code. */
async function failed(error: unknown, terminal: Terminal, words: readonly string[]): Promise<number> {
  const { complain } = await import('./complain.ts');
  return complain(error, terminal, words);
}

function isHelp(error: unknown): error is CommanderError {
  const code = (error as Partial<CommanderError>).code;
  return code === 'commander.helpDisplayed' || code === 'commander.version' || code === 'commander.help';
}

/** Before the command line is understood: how to talk about what is not understood in it. */
function earlyOptions(words: readonly string[]) {
  const index = words.findIndex((word) => word === '--output');
  const output = words.includes('--output=json') ? 'json' : words[index + 1];
  return {
    output: index === -1 && output !== 'json' ? 'text' : (output ?? 'text'),
    color: !words.includes('--no-color'),
  };
}
