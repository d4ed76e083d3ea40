import { consentsIn } from '#plan/consents';
import { loadInventory } from '#profile/inventory';
import { madeUpSecrets, resolveSecrets } from '#profile/secrets';
import { htmlReport } from '#report/html';
import { tell } from '#report/tell';
import { textReport } from '#report/text';
import { plannedMishap, rehearse as play, type RehearsedRun } from '#world/rehearsal';
import type { Call } from './call.ts';
import { chooseView } from './choose-view.ts';
import { readInput } from './read-input.ts';
import { simulatedFor } from './simulated-for.ts';
import { type GivenSite, givenSite, headOf, planOf } from './site.ts';
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
  const runs = await play({
    plan,
    world,
    mishaps,
    resume: options.flag('resume'),
    concurrency: site.profile.run.concurrency,
    consents: await consentsIn(site.profile, world),
    signal: call.interruption(),
    head: (run) => headOf(site, plan, { run: `rehearsal-${run}`, command: 'rehearse', mode: 'apply' }),
    view: (run) => (run === 1 ? view : { show: view.show, close: async () => {} }),
  });
  await view.close();
  tellRuns(runs, call);
  return runs.at(-1)?.exitCode ?? 0;
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
