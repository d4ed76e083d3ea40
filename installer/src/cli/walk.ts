import { mirroredView } from '#adapters/mirrored-view';
import { type RunResult, run } from '#engine/run';
import { consentsIn } from '#plan/consents';
import type { Plan } from '#plan/plan';
import type { Entry } from '#ports/journal';
import type { World } from '#ports/world';
import { historyOf, openIntents } from '#report/history';
import { announce } from './announce.ts';
import type { Call } from './call.ts';
import { chooseView } from './choose-view.ts';
import { secretsHere } from './secrets.ts';
import { type GivenSite, headOf, launchOf, planOf } from './site.ts';
import { stateOf } from './state.ts';
import { tellFaults } from './tell-faults.ts';
import type { Terminal } from './terminal.ts';

export interface WalkOptions {
  readonly command: 'apply' | 'verify';
  readonly isWanted: (phase: string) => boolean;
  readonly signal: AbortSignal;
}

/** Walks the wanted phases on the real world: journaled, shown here and on the machine's consoles, announced at the end. */
export async function walk(site: GivenSite, world: World, call: Call, options: WalkOptions): Promise<RunResult> {
  const { terminal } = call;
  const { command, signal } = options;
  const { concurrency, mirrorConsoles, onSuccess } = site.profile.run;
  const state = stateOf(terminal);
  const secrets = await secretsHere(site.profile, terminal.environment);
  const plan = wanted(planOf(site, { ...launchOf(site, call), reveal: secrets.reveal }), options);
  const past = state.all();
  const journal = state.begin(world.clock.now(), command, { secrets: secrets.revealed });
  const view = mirroredView(await chooseView(terminal, historyOf(past)), mirrorConsoles);
  let result: RunResult;
  try {
    result = await run(plan.units, world, {
      mode: 'apply',
      head: headOf(site, plan, { run: journal.run, command, mode: 'apply' }),
      concurrency: call.options.number('concurrency') ?? concurrency,
      consents: await consentsIn(site.profile, world),
      intents: openIntents(past),
      journal,
      view,
      signal,
    });
  } finally {
    await view.close();
    journal.close();
  }
  await conclude(state.read(journal.run).entries, result.outcome === 'done' ? onSuccess.webhook : null, terminal);
  return result;
}

/** What went wrong, as whole screens; a good end goes to whoever wants to hear of it. */
async function conclude(entries: readonly Entry[], webhook: string | null, terminal: Terminal): Promise<void> {
  tellFaults(entries, terminal);
  if (webhook === null) return;
  const failed = await announce(webhook, entries);
  if (failed !== undefined) terminal.tell(`${failed}\n`);
}

function wanted(plan: Plan, { isWanted }: WalkOptions): Plan {
  return { ...plan, units: plan.units.filter(({ phase }) => isWanted(phase.id)) };
}
