import { Fault } from '#engine/fault';
import type { Terminal } from './terminal.ts';

/** Asks whether the changes that were just listed shall be made. Returns when they shall; throws CONFIRMATION-MISSING. */
export async function confirm(
  terminal: Terminal,
  about: { readonly yes: boolean; readonly question: string },
): Promise<void> {
  if (about.yes) return;
  if (!terminal.canAsk) throw missing('there is no terminal to ask on');
  const answer = await terminal.ask(`${about.question}  Type yes to go on: `);
  if (answer.toLowerCase() !== 'yes')
    throw missing(answer === '' ? 'nothing was answered' : `the answer was “${answer}”`);
}

function missing(cause: string): Fault {
  return new Fault({
    code: 'CONFIRMATION-MISSING',
    message: 'nothing was changed, because nobody agreed to the changes',
    cause,
    remedy: ['run the same command in a terminal and answer yes', 'add --yes to agree beforehand, for example in CI'],
  });
}
