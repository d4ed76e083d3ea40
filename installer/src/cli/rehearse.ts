import { consentsIn } from '#plan/consents';
import type { View } from '#ports/journal';
import { loadInventory } from '#profile/inventory';
import { madeUpSecrets, resolveSecrets } from '#profile/secrets';
import { htmlReport } from '#report/html';
import { tell } from '#report/tell';
import { textReport } from '#report/text';
import { wrap } from '#report/wrap';
import type { RehearsedBundle } from '#simulation/bundle/rehearsed-bundle';
import { plannedMishap, rehearse as play, type RehearsedRun } from '#world/rehearsal';
import type { SimulatedWorld } from '#world/simulated';
import type { Call } from './call.ts';
import { chooseView } from './choose-view.ts';
import { openTrusting } from './own-bundle.ts';
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
  const plan = planOf(site, { reveal });
  const mishaps = options.texts('mishap').map((text) => plannedMishap(text, plan));
  const world = await worldFor(site, call);
  terminal.tell(`${wrap(`rehearsing ${site.file} on ${world.about}`, terminal.columns).join('\n')}\n`);
  const view = await chooseView(terminal);
  const about = {
    plan,
    replan: () => planOf(site, { reveal }),
    world,
    concurrency: site.profile.run.concurrency,
    consents: await consentsIn(site.profile, world),
    signal: call.interruption(),
    head: (run: number) => headOf(site, plan, { run: `rehearsal-${run}`, command: 'rehearse', mode: 'apply' }),
  };
  const shown = { show: view.show, close: async () => {} };
  try {
    const runs = await play({ ...about, mishaps, resume: options.flag('resume'), view: () => shown });
    await view.close();
    await tellEnd(runs, world, call, () => play({ ...about, mishaps: [], resume: false, view: () => unseen }));
    const port = options.flag('serve') ? 0 : options.number('serve');
    if (port !== undefined) await serveCluster(world, port, about.signal, terminal);
    return runs.at(-1)?.exitCode ?? 0;
  } finally {
    world.close();
  }
}

/** The report, and after a rehearsal that reached its end the proof that doing it again does nothing. */
async function tellEnd(
  runs: readonly RehearsedRun[],
  world: SimulatedWorld,
  call: Call,
  again: () => Promise<unknown>,
): Promise<void> {
  if (world.crash !== undefined) throw world.crash;
  tellRuns(runs, call);
  if (runs.at(-1)?.outcome === 'done') await tellSecondRun(world, again, call.terminal);
}

/** Lets kubectl look into the rehearsed cluster until it is stopped. Time stands still there. */
async function serveCluster(
  world: SimulatedWorld,
  port: number,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<void> {
  world.freeze();
  const { listen } = await import('#simulation/api-server/listen');
  const { url, close } = await listen(world.server, port);
  terminal.tell(
    `the rehearsed cluster answers at ${url}, on this machine only:  kubectl --server ${url} get pods -A\nCtrl+C ends it\n`,
  );
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await close();
}

const unseen: View = { show: () => {}, close: async () => {} };

/** The promise that a second run changes nothing is kept before the user's eyes. */
async function tellSecondRun(world: SimulatedWorld, again: () => Promise<unknown>, terminal: Terminal): Promise<void> {
  const before = world.writes().length;
  await again();
  const writes = world.writes().slice(before);
  if (writes.length > 0) throw new Error(`a second run wrote again: ${writes.slice(0, 5).join('; ')}`);
  const mark = terminal.paint.green(terminal.unicode ? '✔' : '+');
  terminal.print(`${mark} a second run on the same machine looked at everything and wrote nothing\n`);
}

async function worldFor(site: GivenSite, { options }: Call): Promise<SimulatedWorld> {
  const file = options.text('inventory');
  const directory = options.text('bundle');
  return simulatedFor(site, {
    seed: options.number('seed') ?? 1,
    ...(file === undefined
      ? {}
      : {
          inventory: loadInventory(new TextDecoder().decode(readInput(file, 'inventory', 'INVENTORY-INVALID')), file),
        }),
    ...(directory === undefined ? {} : { bundle: await given(directory, site) }),
  });
}

/** The bundle that shall be installed later: its manifests, its proof, and who has signed it. */
async function given(directory: string, { catalog, profile }: GivenSite): Promise<RehearsedBundle> {
  const [{ rehearsedFrom }, bundle] = await Promise.all([
    import('#simulation/bundle/rehearsed-from'),
    openTrusting(directory),
  ]);
  return rehearsedFrom(bundle, catalog, profile.bundle.trustedKeys);
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
