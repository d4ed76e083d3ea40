import { codes } from '#engine/codes';
import type { CommandTable, OptionRow } from './command-table.ts';
import { commands, commonOptions } from './commands.ts';

const exits: readonly (readonly [number, string])[] = [
  [0, 'done'],
  [1, 'a fault'],
  [2, 'the command line is not understood'],
  [3, 'a profile is not valid'],
  [4, "a gate's deadline passed"],
  [5, 'interrupted, safe to repeat'],
  [6, 'refused: consent or safety'],
  [70, 'a mistake in Novasphere'],
];

/** docs/reference/commands.md, made from the table of commands. */
export function commandsPage(): string {
  const visible = commands.filter((command) => command.hidden !== true);
  return `# Commands

Made from \`installer/src/cli/commands.ts\`; not edited by hand. \`novasphere COMMAND --help\` shows the same.

| command | what it does | touches |
|---|---|---|
${visible.map((one) => `| [\`${one.name}\`](#${one.name.replaceAll(' ', '-')}) | ${one.summary} | ${one.touches} |`).join('\n')}

## Options of every command

${optionTable(commonOptions)}

With \`--output json\` only JSON goes to stdout and everything for people to stderr. A fault is a line \`{"version":1,"event":"fault","exitCode":…,"fault":…}\`; the events of a run are in [events.md](events.md).

## Exit codes

| code | means | faults that end with it |
|---|---|---|
${exits.map(([exit, means]) => `| ${exit} | ${means} | ${faultsOf(exit)} |`).join('\n')}

## Environment

| variable | what it does |
|---|---|
| \`NOVASPHERE_STATE\` | where journals and the lock are kept; default \`/var/lib/novasphere\` |
| \`NO_COLOR\` | no colours, whatever its value |

${visible.map(commandPart).join('\n')}`;
}

function faultsOf(exit: number): string {
  const found = Object.entries(codes).filter(([, { exit: one }]) => one === exit);
  return found.length > 12
    ? `${found.length} of them, see [faults.md](faults.md)`
    : found.map(([code]) => `\`${code}\``).join(' ');
}

function commandPart({ name, summary, arguments: rows, options, list, examples }: CommandTable): string {
  const words = rows.map((row) => {
    const word = `${row.name}${row.many === true ? '…' : ''}`;
    return row.optional === true ? `[${word}]` : word;
  });
  const about = rows.map((row) => `- \`${row.name}\`: ${row.about}`);
  return `## ${name}

${summary}.

\`\`\`
${['novasphere', name, ...words, ...(options.length > 0 ? ['[options]'] : [])].join(' ')}
\`\`\`
${about.length > 0 ? `\n${about.join('\n')}\n` : ''}${options.length > 0 ? `\n${optionTable(options)}\n` : ''}${listPart(list)}
${examples.length === 1 ? 'Example' : 'Examples'}:

\`\`\`
${examples.join('\n')}
\`\`\`
`;
}

function listPart(list: CommandTable['list']): string {
  if (list === undefined) return '';
  const { title, rows, page } = list;
  const words = rows.map(([word]) => `\`${word}\``);
  if (page !== undefined) return `\n${title}: ${words.join(', ')}; see [${page}](${page}).\n`;
  return `\n${title}:\n\n${rows.map(([, about], index) => `- ${words[index]}: ${about}`).join('\n')}\n`;
}

function optionTable(options: readonly OptionRow[]): string {
  const rows = options.map(({ flags, about, choices }) => {
    const words = choices === undefined ? '' : ` (${choices.map((one) => `\`${one}\``).join(', ')})`;
    return `| \`${flags}\` | ${about}${words} |`;
  });
  return `| option | what it does |\n|---|---|\n${rows.join('\n')}`;
}
