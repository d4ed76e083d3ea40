import { type RunResult, run } from '#engine/run';
import { consentsIn } from '#plan/consents';
import type { World } from '#ports/world';
import { historyOf, openIntents } from '#report/history';
import type { Call } from './call.ts';
import { chooseView } from './choose-view.ts';
import { secretsHere } from './secrets.ts';
import { type GivenSite, headOf, launchOf, planOf } from './site.ts';
import { stateOf } from './state.ts';

export interface WalkOptions {
  readonly command: 'apply' | 'verify';
  isWanted(phase: string): boolean;
  readonly signal: AbortSignal;
}

/** Walks the wanted phases on the real world, journaled and shown. */
export async function walk(site: GivenSite, world: World, call: Call, options: WalkOptions): Promise<RunResult> {
  const { terminal } = call;
  const { command, signal } = options;
  const state = stateOf(terminal);
  const secrets = await secretsHere(site.profile, terminal.environment);
  const plan = planOf(site, { ...launchOf(site, call), reveal: secrets.reveal });
  const past = state.all();
  const journal = state.begin(world.clock.now(), command, { secrets: secrets.revealed });
  const view = await chooseView(terminal, historyOf(past));
  try {
    const units = plan.units.filter(({ phase }) => options.isWanted(phase.id));
    return await run(units, world, {
      mode: 'apply',
      head: headOf(site, plan, { run: journal.run, command, mode: 'apply' }),
      concurrency: call.options.number('concurrency') ?? site.profile.run.concurrency,
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
}
