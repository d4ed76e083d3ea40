import { explainMistakes } from '#profile/explain';
import { loadProfile } from '#profile/load';
import { type Match, matchProfile } from '#profile/match';
import type { Call } from './call.ts';
import { showFault } from './complain.ts';
import { givenInventory, readThisMachine } from './given-inventory.ts';
import { matchScreen } from './match-screen.ts';
import { profileBytes } from './validate.ts';

/** `novasphere match PROFILE`: which device each selector picks on a machine, and why not the others. */
export async function match({ words, options, terminal }: Call): Promise<number> {
  const [file = ''] = words;
  const { profile, warnings } = loadProfile(profileBytes(file), file);
  if (warnings.length > 0) terminal.tell(`${explainMistakes(warnings, file)}\n`);
  const inventory = givenInventory(options) ?? (await readThisMachine());
  const matched = matchProfile(profile, inventory, options.text('node'));
  terminal.print(matchScreen(matched, inventory, terminal));
  terminal.json(record(matched, inventory.hostname));
  for (const fault of matched.faults) showFault(fault.at(file), terminal);
  return matched.faults[0]?.exitCode ?? 0;
}

function record({ node, disks, nics, faults, warnings }: Match, hostname: string) {
  return {
    version: 1,
    machine: hostname,
    node: node?.name ?? null,
    disks: disks.map(({ role, chosen, considered }) => ({ role, chosen: chosen ?? null, considered })),
    nics: nics.map(({ name, chosen, considered }) => ({ name, chosen: chosen ?? null, considered })),
    faults: faults.map((fault) => fault.record()),
    warnings,
  };
}
