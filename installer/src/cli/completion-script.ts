import { commandGroups, firstWords, wordsOf } from './command-groups.ts';
import type { CommandTable, Completes, OptionRow } from './command-table.ts';
import { commands, commonOptions } from './commands.ts';
import { phases } from './completion-phases.ts';
import { optionNames } from './option-names.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

const visible = commands.filter((command) => command.hidden !== true);
const names = visible.map(({ name }) => name);
const groups = commandGroups.map(({ name, summary }) => ({ name, summary, words: wordsOf(name, names) }));

/** Completion for a shell, made from the table of commands. */
export function completionScript(shell: Shell): string {
  return { bash, zsh, fish }[shell]();
}

function optionsOf(command: CommandTable): readonly OptionRow[] {
  return [...command.options, ...commonOptions];
}

/** What may follow an option or stand as an argument, as fixed words; undefined for files and directories. */
function wordsFor(row: { readonly choices?: readonly string[]; readonly completes?: Completes }): string | undefined {
  if (row.choices !== undefined) return row.choices.join(' ');
  return row.completes === 'phase' ? phases.join(' ') : undefined;
}

function bash(): string {
  const values = uniqueValues().map(([flag, words]) => `    ${flag}) ${offering(`-W "${words}"`)}; return ;;`);
  const paths = valueFlags((row) => row.completes === 'file' || row.completes === 'directory');
  const files = `compopt -o filenames; ${offering('-f')}; return`;
  return `# bash completion for novasphere; made by: novasphere completion bash
_novasphere() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]:-}
  local options="" words="" files=""
  if [ "$COMP_CWORD" -eq 1 ]; then ${offering(`-W "${firstWords(names).join(' ')} --help --version"`)}; return; fi
  case $command in
${groups.map(bashGroup).join('\n')}
  esac
  case $previous in
${values.join('\n')}
    ${paths.join('|')}) ${files} ;;
  esac
  case $command in
${visible.map(bashCase).join('\n')}
  esac
  if [[ $current == -* ]]; then ${offering('-W "$options"')}; return; fi
  if [ -n "$files" ]; then ${files}; fi
  ${offering('-W "$words"')}
}
complete -F _novasphere novasphere
`;
}

/** The second word belongs to the name of the command. */
function bashGroup({ name, words }: (typeof groups)[number]): string {
  const offer = offering(`-W "${words.join(' ')} --help"`);
  return `    ${name}) if [ "$COMP_CWORD" -eq 2 ]; then ${offer}; return; fi; command="$command \${COMP_WORDS[2]}" ;;`;
}

function offering(words: string): string {
  return `mapfile -t COMPREPLY < <(compgen ${words} -- "$current")`;
}

function bashCase(command: CommandTable): string {
  const names = optionsOf(command).map((row) => optionNames(row).long);
  const argument = command.arguments[0];
  const words = argument === undefined ? undefined : wordsFor(argument);
  const files = argument?.completes === 'file' || argument?.completes === 'directory';
  return `    "${command.name}") options="${names.join(' ')} --help"; words="${words ?? ''}"; files=${files ? 'yes' : ''} ;;`;
}

/** Options whose values are fixed words, once each. */
function uniqueValues(): readonly (readonly [string, string])[] {
  const found = new Map<string, string>();
  for (const row of visible.flatMap(optionsOf)) {
    const words = wordsFor(row);
    if (words !== undefined) found.set(optionNames(row).long, words);
  }
  return [...found];
}

function valueFlags(wanted: (row: OptionRow) => boolean): readonly string[] {
  const rows = visible.flatMap(optionsOf).filter(wanted);
  const flags = rows.flatMap((row) => [optionNames(row).short, optionNames(row).long]);
  return [...new Set(flags.filter((flag) => flag !== undefined))];
}

function zsh(): string {
  const single = visible.filter(({ name }) => !name.includes(' '));
  const described = [...single, ...groups].map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`);
  const cases = visible.map((command) => {
    const options = optionsOf(command).map((row) => `        ${quoted(zshOption(row))}`);
    const argument = command.arguments.map(
      (row) => `        ${quoted(`${row.many === true ? '*' : '1'}:${row.name}:${zshValue(row)}`)}`,
    );
    return `      "${command.name}") _arguments \\\n${[...options, ...argument].join(' \\\n')} ;;`;
  });
  return `#compdef novasphere
# zsh completion for novasphere; made by: novasphere completion zsh
_novasphere() {
  local -a commands
  commands=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command=$words[2]
  shift words; (( CURRENT-- ))
  case $command in
${groups.map(zshGroup).join('\n')}
  esac
  case $command in
${cases.join('\n')}
  esac
}
compdef _novasphere novasphere
`;
}

function zshGroup({ name, words }: (typeof groups)[number]): string {
  const offer = `if (( CURRENT == 2 )); then compadd ${words.join(' ')}; return; fi`;
  return `    ${name}) ${offer}; command="$command $words[2]"; shift words; (( CURRENT-- )) ;;`;
}

function zshOption(row: OptionRow): string {
  const { long, value, valueIsOptional } = optionNames(row);
  const about = row.about.replaceAll(/[[\]:]/g, ' ');
  const many = row.many === true ? '*' : '';
  return `${many}${long}[${about}]${value === undefined ? '' : `:${valueIsOptional ? ':' : ''}${value.replaceAll(/[[\]]/g, '')}:${zshValue(row)}`}`;
}

function zshValue(row: { readonly choices?: readonly string[]; readonly completes?: Completes }): string {
  const words = wordsFor(row);
  if (words !== undefined) return `(${words})`;
  if (row.completes === 'directory') return '_files -/';
  return row.completes === 'file' ? '_files' : ' ';
}

function fish(): string {
  const lines = visible.flatMap((command) => [
    fishName(command),
    ...command.options.map((row) => fishOption(row, `-n ${seen(command)} `)),
    ...command.arguments.map((row) => {
      const words = wordsFor(row);
      return `complete -c novasphere -n ${seen(command)} ${words === undefined ? '-F' : `-f -a ${quoted(words)}`}`;
    }),
  ]);
  const common = commonOptions.map((row) => fishOption(row, ''));
  return `# fish completion for novasphere; made by: novasphere completion fish\n${[...lines, ...common].join('\n')}\n`;
}

/** Where a command has two words, both have to have been typed. */
function seen({ name }: CommandTable): string {
  const words = name.split(' ').map((word) => `__fish_seen_subcommand_from ${word}`);
  return quoted(words.join('; and '));
}

function fishName({ name, summary }: CommandTable): string {
  const [first = '', own] = name.split(' ');
  const group = groups.find((one) => one.name === first);
  const none = `not __fish_seen_subcommand_from ${firstWords(names).join(' ')}`;
  if (group === undefined || own === undefined)
    return `complete -c novasphere -f -n ${quoted(none)} -a ${name} -d ${quoted(summary)}`;
  const within = `__fish_seen_subcommand_from ${first}; and not __fish_seen_subcommand_from ${group.words.join(' ')}`;
  const lines = [`complete -c novasphere -f -n ${quoted(within)} -a ${own} -d ${quoted(summary)}`];
  // The group itself is offered with the first of its commands.
  if (own === group.words[0])
    lines.unshift(`complete -c novasphere -f -n ${quoted(none)} -a ${first} -d ${quoted(group.summary)}`);
  return lines.join('\n');
}

function fishOption(row: OptionRow, condition: string): string {
  const { short, long, value, valueIsOptional } = optionNames(row);
  const words = wordsFor(row);
  const letter = short === undefined ? '' : ` -s ${short.slice(1)}`;
  const takes =
    value === undefined || valueIsOptional ? '' : words === undefined ? ' -r -F' : ` -x -a ${quoted(words)}`;
  return `complete -c novasphere ${condition}-l ${long.slice(2)}${letter}${takes} -d ${quoted(row.about)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
