import { mirroredView } from '#adapters/mirrored-view';
import { reach } from '#engine/reach';
import { type RunResult, run, type Unit } from '#engine/run';
import { consentsIn } from '#plan/consents';
import type { Circumstances, Plan } from '#plan/plan';
import type { Entry } from '#ports/journal';
import type { World } from '#ports/world';
import type { Secrets } from '#profile/secrets';
import { historyOf, openIntents } from '#report/history';
import { announce } from './announce.ts';
import type { Call } from './call.ts';
import { chooseView } from './choose-view.ts';
import { elsewhereNotes } from './elsewhere.ts';
import { pruneConsents } from './prune.ts';
import { secretsHere } from './secrets.ts';
import { type GivenSite, headOf, launchOf, planOf } from './site.ts';
import { stateOf } from './state.ts';
import { tellFaults } from './tell-faults.ts';
import type { Terminal } from './terminal.ts';

export interface WalkOptions {
  readonly command: 'apply' | 'upgrade' | 'reset' | 'verify';
  /** What of the plan is walked. */
  readonly choose: (units: readonly Unit[]) => readonly Unit[];
  /** A plan of its own, with the secrets of this run. Default: that of an installation. */
  readonly planFor?: (circumstances: Circumstances) => Plan;
  /** Targets that may be destroyed, beside those that the profile names. */
  readonly consents?: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/** Walks the wanted phases on the real world: journaled, shown here and on the machine's consoles, announced at the end. */
export async function walk(site: GivenSite, world: World, call: Call, options: WalkOptions): Promise<RunResult> {
  const { terminal } = call;
  const { command, signal } = options;
  const { concurrency, onSuccess } = site.profile.run;
  const state = stateOf(terminal);
  const { plan, notes, secrets } = await plannedFor(site, world, call, options);
  const past = state.all();
  const journal = state.begin(world.clock.now(), command, secrets && { secrets: secrets.revealed });
  const view = mirroredView(await chooseView(terminal, historyOf(past)), consolesOf(site, world));
  let result: RunResult;
  try {
    result = await run(plan.units, world, {
      mode: 'apply',
      head: headOf(site, plan, { run: journal.run, command, mode: 'apply' }),
      concurrency: call.options.number('concurrency') ?? concurrency,
      consents: await consentsOf(site, world, call, options),
      intents: openIntents(past),
      notes,
      journal,
      view,
      signal,
    });
  } finally {
    await view.close();
    journal.close();
  }
  const isGood = result.outcome === 'done' && command !== 'reset';
  await conclude(state.read(journal.run).entries, isGood ? onSuccess.webhook : null, terminal);
  return result;
}

interface Planned {
  readonly plan: Plan;
  /** What cannot be seen from here. */
  readonly notes: readonly string[];
  readonly secrets: Secrets | undefined;
}

/** What of the plan can be walked from here. Secrets are of machines: a run from elsewhere needs none, nor one that takes off. */
async function plannedFor(site: GivenSite, world: World, call: Call, options: WalkOptions): Promise<Planned> {
  const { command, choose, planFor = (about: Circumstances) => planOf(site, about) } = options;
  const needsSecrets = world.remote === undefined && command !== 'reset';
  const secrets = needsSecrets ? await secretsHere(site.profile, call.terminal.environment) : undefined;
  const reveal = secrets === undefined ? {} : { reveal: secrets.reveal };
  const whole = planFor({ ...launchOf(site, call, command), ...reveal });
  const found = reach(choose(whole.units), world);
  return { plan: { ...whole, units: found.here }, notes: elsewhereNotes(found, world), secrets };
}

/** The consoles of the machine that is installed; nobody waits before those of a laptop. */
function consolesOf({ profile }: GivenSite, { remote }: World): readonly string[] {
  return remote === undefined ? profile.run.mirrorConsoles : [];
}

async function consentsOf(
  site: GivenSite,
  world: World,
  { options }: Call,
  { consents = [] }: { readonly consents?: Iterable<string> },
): Promise<ReadonlySet<string>> {
  const named = await consentsIn(site.profile, world);
  return new Set([...named, ...pruneConsents(options, site.catalog), ...consents]);
}

/** What went wrong, as whole screens; a good end goes to whoever wants to hear of it. */
async function conclude(entries: readonly Entry[], webhook: string | null, terminal: Terminal): Promise<void> {
  tellFaults(entries, terminal);
  if (webhook === null) return;
  const failed = await announce(webhook, entries);
  if (failed !== undefined) terminal.tell(`${failed}\n`);
}
