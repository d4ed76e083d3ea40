import { Fault } from '#engine/fault';
import type { Inventory } from '#ports/facts';
import { explainMistakes } from '#profile/explain';
import { type InitAnswers, profileFor } from '#profile/init';
import { readProfile } from '#profile/load';
import type { Call } from './call.ts';
import { givenInventory } from './given-inventory.ts';
import type { Terminal } from './terminal.ts';
import { writeOutput } from './write-output.ts';

/** `novasphere init`: a few questions, or an inventory, and a commented profile comes of it. */
export async function init({ options, terminal }: Call): Promise<number> {
  const inventory = givenInventory(options);
  const answers = await answersOf(options.text('name'), inventory, terminal);
  const text = profileFor(answers, inventory);
  const file = options.text('out') ?? `${answers.site}.yaml`;
  const reading = readProfile(text, file);
  if (!reading.isValid) throw notValid(explainMistakes(reading.mistakes, file));
  if (file === '-') {
    terminal.raw(text);
    return 0;
  }
  writeOutput(file, text, { replace: options.flag('force') });
  terminal.print(`written to ${file}\n  next  novasphere validate ${file}\n        novasphere rehearse ${file}\n`);
  terminal.json({ version: 1, file });
  return 0;
}

/** Asks what cannot be known; with a name and an inventory, or without anybody to ask, the rest is left as it is. */
async function answersOf(
  name: string | undefined,
  inventory: Inventory | undefined,
  terminal: Terminal,
): Promise<InitAnswers> {
  const suggested = siteName(inventory?.hostname ?? '') || 'site-1';
  if (name !== undefined && (inventory !== undefined || !terminal.canAsk)) return { site: name };
  if (terminal.canAsk) return asked(name, suggested, inventory, terminal);
  if (inventory !== undefined) return { site: suggested };
  throw nobodyToAsk();
}

async function asked(
  name: string | undefined,
  suggested: string,
  inventory: Inventory | undefined,
  terminal: Terminal,
): Promise<InitAnswers> {
  const ask = async (question: string, otherwise = '') => {
    const shown = otherwise === '' ? 'leave empty to fill it in later' : otherwise;
    return (await terminal.ask(`${question} [${shown}] `)) || otherwise;
  };
  const site = name ?? (await ask('Name of the site', suggested));
  const timezone = await ask('Time zone', inventory?.clock.timezone ?? 'Etc/UTC');
  const mac = inventory === undefined ? await ask('MAC address of the management card') : '';
  const address = await ask('Fixed address with prefix, such as 10.7.0.10/24; empty for DHCP');
  const gateway = address === '' ? '' : await ask('Gateway');
  const user = await ask('Who may log in', 'admin');
  const authorizedKey = await ask(`Public SSH key of ${user}`);
  return {
    site,
    timezone,
    ...(mac === '' ? {} : { mac }),
    ...(gateway === '' ? {} : { address, gateway }),
    ...(authorizedKey === '' ? {} : { user: { name: user, authorizedKey } }),
  };
}

/** A hostname as a name of a profile may be. */
function siteName(hostname: string): string {
  const label = hostname.toLowerCase().split('.')[0] ?? '';
  return label
    .replaceAll(/[^a-z0-9-]/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63);
}

function nobodyToAsk(): Fault {
  return new Fault({
    code: 'USAGE',
    message: 'there is no terminal to ask for the name of the site',
    remedy: ['novasphere init --name plant-7', 'novasphere init --inventory plant-7.json'],
  });
}

function notValid(mistakes: string): Fault {
  return new Fault({
    code: 'USAGE',
    message: 'no profile was written, because one with these answers would not be valid',
    evidence: mistakes.split('\n'),
    remedy: ['run novasphere init again with other answers'],
  });
}
