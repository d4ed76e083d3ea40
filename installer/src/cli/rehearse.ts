import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadInventory } from '#profile/inventory';
import { htmlReport } from '#report/html';
import { tell } from '#report/tell';
import { textReport } from '#report/text';
import { consentsIn } from '#plan/consents';
import { plannedMishap, rehearse as play, type RehearsedRun } from '#world/rehearsal';
import { simulatedWorld } from '#world/simulated';
import type { Call } from './call.ts';
import { chooseView } from './choose-view.ts';
import { readInput } from './read-input.ts';
import { giveSecrets } from './secrets.ts';
import { type GivenSite, givenSite, headOf, planOf, releaseRoot } from './site.ts';
import { writeOutput } from './write-output.ts';

/** `novasphere rehearse PROFILE`: the whole installation on a simulated machine and cluster. */
export async function rehearse(call: Call): Promise<number> {
  const { words, options, terminal } = call;
  const site = await givenSite(words[0] as string, terminal);
  const { reveal } = giveSecrets(site.profile, 'rehearsed');
  const plan = planOf(site, reveal);
  const mishaps = options.texts('mishap').map((text) => plannedMishap(text, plan));
  const world = await worldFor(site, call);
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

async function worldFor(site: GivenSite, { options }: Call) {
  const file = options.text('inventory');
  const inventory =
    file === undefined
      ? undefined
      : loadInventory(Buffer.from(readInput(file, 'inventory', 'INVENTORY-INVALID')).toString('utf8'), file);
  const beside = join(releaseRoot, '../shared/upstream');
  return simulatedWorld({
    profile: site.profile,
    catalog: site.catalog,
    checkout: releaseRoot,
    ...(existsSync(beside) ? { upstream: beside } : {}),
    ...(inventory === undefined ? {} : { inventory }),
    seed: options.number('seed') ?? 1,
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
