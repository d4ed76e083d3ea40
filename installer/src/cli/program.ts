import { Argument, Command, Option } from 'commander';
import { commandGroups } from './command-groups.ts';
import type { ArgumentRow, CommandGroup, CommandTable, OptionRow } from './command-table.ts';
import { commands, commonOptions } from './commands.ts';
import { optionNames } from './option-names.ts';

export interface ProgramOptions {
  readonly version: string;
  readonly write: (text: string) => void;
  readonly columns: number;
  /** Called with the command that was typed; words and options are checked. */
  readonly run: (command: CommandTable, words: readonly string[], options: Record<string, unknown>) => Promise<void>;
}

/** The command line, made from the table. Throws CommanderError for what it does not understand. */
export function program(options: ProgramOptions): Command {
  const root = new Command('novasphere')
    .description('Turns a bare Ubuntu server into a virtualisation node, and proves it with a VM that booted.')
    .usage('<command> [options]')
    .version(options.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help, with examples')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: options.write, writeErr: () => {}, getOutHelpWidth: () => options.columns })
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', exampleText(['novasphere rehearse profiles/single-node.yaml', 'novasphere apply --help']));
  for (const row of commonOptions) root.addOption(optionOf(row));
  const groups = new Map(commandGroups.map((group) => [group.name, groupOf(group)]));
  for (const table of commands) {
    const [name = '', own] = table.name.split(' ');
    const group = groups.get(name);
    if (group === undefined || own === undefined) addCommand(root, table.name, table, options);
    else addCommand(added(root, group), own, table, options);
  }
  return root;
}

function groupOf({ name, summary }: CommandGroup): Command {
  const [first] = commands.filter((table) => table.name.startsWith(`${name} `));
  return new Command(name)
    .description(summary)
    .usage('<command> [options]')
    .helpOption('-h, --help', 'show help, with examples')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', exampleText(first === undefined ? [] : first.examples));
}

/** A group stands among the commands where its first command does. */
function added(root: Command, group: Command): Command {
  if (!root.commands.includes(group)) root.addCommand(group.copyInheritedSettings(root));
  return group;
}

function addCommand(parent: Command, name: string, table: CommandTable, options: ProgramOptions): void {
  const command = parent
    .command(name, { hidden: table.hidden === true })
    .description(table.summary)
    .addHelpText('after', `${listText(table)}${exampleText(table.examples)}`)
    .action(async (...given: unknown[]) => {
      const words = given
        .slice(0, table.arguments.length)
        .flat()
        .filter((word) => word !== undefined);
      await options.run(table, words as string[], command.optsWithGlobals());
    });
  for (const row of table.arguments) command.addArgument(argumentOf(row));
  for (const row of table.options) command.addOption(optionOf(row));
}

function argumentOf({ name, about, optional, many, choices }: ArgumentRow): Argument {
  const text = `${name}${many === true ? '...' : ''}`;
  const argument = new Argument(optional === true ? `[${text}]` : `<${text}>`, about);
  return choices === undefined ? argument : argument.choices(choices);
}

function optionOf(row: OptionRow): Option {
  const { short, long, value, valueIsOptional } = optionNames(row);
  const shown = valueIsOptional ? ` [${value}]` : ` <${value}>`;
  const flags = `${short === undefined ? '' : `${short}, `}${long}${value === undefined ? '' : shown}`;
  const option = new Option(flags, row.about);
  if (row.choices !== undefined) return option.choices(row.choices);
  if (row.many === true) return option.argParser(collected);
  return row.number === true ? option.argParser(wholeNumber) : option;
}

function collected(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number;
  throw Object.assign(new Error('a whole number is wanted.'), { code: 'commander.invalidArgument' });
}

function listText({ list }: CommandTable): string {
  if (list === undefined) return '';
  const width = Math.max(...list.rows.map(([name]) => name.length));
  return `\n${list.title}:\n${list.rows.map(([name, about]) => `  ${name.padEnd(width)}  ${about}`).join('\n')}\n`;
}

function exampleText(examples: readonly string[]): string {
  return `\n${examples.length === 1 ? 'Example' : 'Examples'}:\n${examples.map((one) => `  ${one}`).join('\n')}`;
}
