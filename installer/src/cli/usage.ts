import type { CommanderError } from 'commander';
import { Fault } from '#engine/fault';

/** What commander did not understand, as a Fault: its did-you-mean becomes the first thing to try. */
export function usageFault(error: CommanderError, words: readonly string[]): Fault {
  const text = error.message.replace(/^error: /, '').trim();
  const [, message = text, meant] = /^([\s\S]*?)\s*\(Did you mean (.+)\?\)$/.exec(text) ?? [];
  const command = words.find((word) => /^[a-z]/.test(word));
  const help = error.code === 'commander.unknownCommand' || command === undefined ? '' : ` ${command}`;
  const showHelp = `novasphere${help} --help`;
  const guess = `did you mean ${meant?.replace(/^one of /, '')}?`;
  return new Fault({
    code: 'USAGE',
    message: message.replace(/\.$/, ''),
    remedy: meant === undefined ? [showHelp] : [guess, showHelp],
  });
}
