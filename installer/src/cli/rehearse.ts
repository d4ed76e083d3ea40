import { consentsIn } from '#plan/consents';
import type { View } from '#ports/journal';
import { loadInventory } from '#profile/inventory';
import { madeUpSecrets, resolveSecrets } from '#profile/secrets';
import { htmlReport } from '#report/html';
import { tell } from '#report/tell';
import { textReport } from '#report/text';
import { plannedMishap, rehearse as play, type RehearsedRun } from '#world/rehearsal';
import type { SimulatedWorld } from '#world/simulated';
import type { Call } from './call.ts';
import { chooseView } from './choose-view.ts';
import { readInput } from './read-input.ts';
import { simulatedFor } from './simulated-for.ts';
import { type GivenSite, givenSite, headOf, planOf } from './site.ts';
import type { Terminal } from './terminal.ts';
import { writeOutput } from './write-output.ts';

/** `novasphere rehearse PROFILE`: the whole installation on a simulated machine and cluster. */
export async function rehearse(call: Call): Promise<number> {
  const { words, options, terminal } = call;
  const site = await givenSite(words[0] as string, terminal);
  const { reveal } = await resolveSecrets(site.profile, madeUpSecrets());
  const plan = planOf(site, reveal);
  const mishaps = options.texts('mishap').map((text) => plannedMishap(text, plan));
  const world = worldFor(site, call);
  terminal.tell(`rehearsing ${site.file} on ${world.about}\n`);
  const view = await chooseView(terminal);
  const about = {
    plan,
    world,
    concurrency: site.profile.run.concurrency,
    consents: await consentsIn(site.profile, world),
    signal: call.interruption(),
    head: (run: number) => headOf(site, plan, { run: `rehearsal-${run}`, command: 'rehearse', mode: 'apply' }),
  };
  const shown = { show: view.show, close: async () => {} };
  const runs = await play({ ...about, mishaps, resume: options.flag('resume'), view: () => shown });
  await view.close();
  if (world.crash !== undefined) throw world.crash;
  tellRuns(runs, call);
  const last = runs.at(-1);
  if (last?.outcome !== 'done') return last?.exitCode ?? 0;
  return tellSecondRun(
    world,
    await writesOf(world, () => play({ ...about, mishaps: [], resume: false, view: () => unseen })),
    terminal,
  );
}

const unseen: View = { show: () => {}, close: async () => {} };

/** What the installer wrote while something was done. */
async function writesOf(world: SimulatedWorld, doing: () => Promise<unknown>): Promise<readonly string[]> {
  const before = world.writes().length;
  await doing();
  return world.writes().slice(before);
}

/** The promise that a second run changes nothing is kept before the user's eyes. */
function tellSecondRun(world: SimulatedWorld, writes: readonly string[], terminal: Terminal): number {
  world.close();
  if (writes.length === 0) {
    terminal.print(
      `${terminal.paint.green('✔')} a second run on the same machine looked at everything and wrote nothing\n`,
    );
    return 0;
  }
  throw new Error(`a second run wrote again: ${writes.slice(0, 5).join('; ')}`);
}

function worldFor(site: GivenSite, { options }: Call) {
  const file = options.text('inventory');
  const seed = options.number('seed') ?? 1;
  if (file === undefined) return simulatedFor(site, { seed });
  return simulatedFor(site, {
    seed,
    inventory: loadInventory(new TextDecoder().decode(readInput(file, 'inventory', 'INVENTORY-INVALID')), file),
  });
}

function tellRuns(runs: readonly RehearsedRun[], { options, terminal }: Call): void {
  const story = tell(runs.flatMap((run) => run.entries));
  const { paint, columns, verbose, unicode } = terminal;
  terminal.print(textReport(story, { paint, columns, verbose, unicode }));
  const file = options.text('html');
  if (file === undefined) return;
  writeOutput(file, htmlReport(story), { replace: true });
  terminal.tell(`report written to ${file}\n`);
}
