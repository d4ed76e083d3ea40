import { Fault } from '#engine/fault';
import type { Terminal } from './terminal.ts';

/** Asks for the name of what is to be removed: a yes is typed by habit, a name is not. Throws CONFIRMATION-MISSING. */
export async function confirmName(
  terminal: Terminal,
  about: { readonly name: string; readonly given: string | undefined },
): Promise<void> {
  const { name, given } = about;
  if (given === name) return;
  if (given !== undefined) throw missing(name, `--yes-remove names ${given}, and this site is ${name}`);
  if (!terminal.canAsk) throw missing(name, 'there is no terminal to ask on');
  const answer = await terminal.ask(`To take the platform off this site, type its name, ${name}: `);
  if (answer !== name) throw missing(name, answer === '' ? 'nothing was answered' : `the answer was “${answer}”`);
}

function missing(name: string, cause: string): Fault {
  return new Fault({
    code: 'CONFIRMATION-MISSING',
    message: `nothing was removed, because nobody has named ${name}`,
    cause,
    remedy: [
      'run the same command in a terminal and type the name of the site',
      `add  --yes-remove ${name}  to agree beforehand`,
    ],
  });
}
