import type { CommanderError } from 'commander';
import { Fault } from '#engine/fault';
import { commandGroups } from './command-groups.ts';
import { commands } from './commands.ts';

/** What commander did not understand, as a Fault: its did-you-mean becomes the first thing to try. */
export function usageFault(error: CommanderError, words: readonly string[]): Fault {
  const text = error.message.replace(/^error: /, '').trim();
  const [, message = text, meant] = /^([\s\S]*?)\s*\(Did you mean (.+)\?\)$/.exec(text) ?? [];
  const command = commandIn(words);
  const isUnknown = error.code === 'commander.unknownCommand' && !isGroup(command);
  const help = isUnknown || command === undefined ? '' : ` ${command}`;
  const showHelp = `novasphere${help} --help`;
  const guess = `did you mean ${meant?.replace(/^one of /, '')}?`;
  return new Fault({
    code: 'USAGE',
    message: message.replace(/\.$/, ''),
    remedy: meant === undefined ? [showHelp] : [guess, showHelp],
  });
}

/** The command that was meant: `bundle fetch`, or the group alone where its command is not understood. */
function commandIn(words: readonly string[]): string | undefined {
  const [first, second] = words.filter((word) => /^[a-z]/.test(word));
  const both = `${first} ${second}`;
  return commands.some(({ name }) => name === both) ? both : first;
}

function isGroup(command: string | undefined): boolean {
  return commandGroups.some(({ name }) => name === command);
}
