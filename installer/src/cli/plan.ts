import { reach } from '#engine/reach';
import { run } from '#engine/run';
import type { Entry, View } from '#ports/journal';
import type { World } from '#ports/world';
import { loadInventory } from '#profile/inventory';
import { historyOf } from '#report/history';
import { jsonReport } from '#report/json';
import { planScreen } from '#report/plan-screen';
import { tell } from '#report/tell';
import type { Call } from './call.ts';
import { elsewhereNotes } from './elsewhere.ts';
import { worldHere } from './here.ts';
import { pastOf } from './past.ts';
import { pruneConsents } from './prune.ts';
import { readInput } from './read-input.ts';
import { simulatedFor } from './simulated-for.ts';
import { type GivenSite, givenSite, headOf, planOf } from './site.ts';

/** `novasphere plan PROFILE`: every change that apply would make, on this machine or a recorded one. Writes nothing. */
export async function plan(call: Call): Promise<number> {
  const { words, options, terminal } = call;
  const site = await givenSite(words[0] as string, terminal);
  const file = options.text('inventory');
  const world = file === undefined ? await worldHere(site, call, 'inspect') : await recorded(site, file, terminal.tell);
  const agreed = pruneConsents(options, site.catalog);
  const looked = await inspect(site, world, call.interruption(), planOf(site).units, agreed);
  const { paint, columns } = terminal;
  const history = historyOf(pastOf(terminal));
  terminal.print(planScreen(looked.entries, { history, paint, columns }));
  terminal.json(jsonReport(tell(looked.entries)));
  return looked.exitCode;
}

async function recorded(site: GivenSite, file: string, say: (text: string) => void): Promise<World> {
  const inventory = loadInventory(new TextDecoder().decode(readInput(file, 'inventory', 'INVENTORY-INVALID')), file);
  const world = simulatedFor(site, { inventory });
  say(`planning for the machine of ${file}, not for this one\n`);
  return world.asFound();
}

const unseen: View = { show: () => {}, close: async () => {} };

/** Probes every step of the plan; what was found, as the events of a run. */
export async function inspect(
  site: GivenSite,
  world: World,
  signal: AbortSignal,
  units = planOf(site).units,
  consents: ReadonlySet<string> = new Set<string>(),
): Promise<{ readonly entries: readonly Entry[]; readonly exitCode: number; readonly changed: number }> {
  const entries: Entry[] = [];
  const found = reach(units, world);
  const seen = { ...planOf(site), units: found.here };
  const head = headOf(site, seen, { run: 'plan', command: 'plan', mode: 'inspect' });
  const journal = { append: (entry: Entry) => void entries.push(entry) };
  const options = {
    mode: 'inspect',
    head,
    concurrency: 1,
    consents: new Set(),
    intents: new Set(),
    notes: elsewhereNotes(found, world),
    journal,
    view: unseen,
    signal,
  } as const;
  const { exitCode, changed } = await run(found.here, world, {
    ...options,
    consents,
    intents: new Set<string>(),
  });
  return { entries, exitCode, changed };
}
