import type { CommandGroup } from './command-table.ts';

export const commandGroups: readonly CommandGroup[] = [
  { name: 'bundle', summary: 'Make, check, prove and sign the air-gap bundle' },
];

/** The words of a command that can follow `novasphere`: single commands, and groups once each. */
export function firstWords(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => name.split(' ')[0] ?? name))];
}

/** The commands of a group, by their own word. */
export function wordsOf(group: string, names: readonly string[]): readonly string[] {
  return names.filter((name) => name.startsWith(`${group} `)).map((name) => name.slice(group.length + 1));
}
