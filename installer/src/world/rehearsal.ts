import type { Fault } from '#engine/fault';
import { type RunOptions, type RunResult, run } from '#engine/run';
import type { Plan } from '#plan/plan';
import type { Entry, View } from '#ports/journal';
import { openIntents } from '#report/history';
import { PowerCut } from '#simulation/power';
import { cutRun } from './cut-run.ts';
import { Fate } from './fate.ts';
import type { PlannedMishap } from './planned-mishap.ts';
import type { SimulatedWorld } from './simulated.ts';

export { type PlannedMishap, plannedMishap } from './planned-mishap.ts';

export interface RehearsalOptions {
  readonly plan: Plan;
  /** Compiles the plan anew for each run, as each run of the real program does: nothing is remembered in between. */
  readonly replan?: () => Plan;
  readonly world: SimulatedWorld;
  readonly mishaps: readonly PlannedMishap[];
  /** Go on after each mishap as the next run would. */
  readonly resume: boolean;
  readonly concurrency: number;
  readonly consents: ReadonlySet<string>;
  readonly signal: AbortSignal;
  /** Runs on these machines before, oldest first: what they wrote down about disks still counts. */
  readonly earlier?: readonly RehearsedRun[];
  /** The head of the journal of each run, by its number from 1. */
  head(run: number): RunOptions['head'];
  /** A fresh view for each run. */
  view(run: number): View;
}

/** One run of a rehearsal: what it wrote down, and how it ended. */
export interface RehearsedRun {
  readonly entries: readonly Entry[];
  readonly outcome: RunResult['outcome'];
  readonly exitCode: number;
  readonly faults: readonly Fault[];
  readonly changed: number;
}

/** More boots than any installation needs; a rehearsal that comes so far is going in circles. */
const mostRuns = 30;

/**
 * Plays runs on the same simulated machines until one ends for good: after a reboot that the run asked for it goes on
 * by itself; after a mishap only with `resume`, mended as a person on site would have done.
 */
export async function rehearse(options: RehearsalOptions): Promise<readonly RehearsedRun[]> {
  const { world } = options;
  const runs: RehearsedRun[] = [];
  const fate = new Fate(options.mishaps, world);
  while (runs.length < mostRuns) {
    const one = await playRun(options, runs, fate);
    runs.push(one);
    const { outcome } = one;
    if (outcome === 'done' || (outcome !== 'rebooting' && !(options.resume && fate.mend()))) break;
    if (outcome === 'rebooting' || outcome === 'cut') await world.restart();
  }
  return runs;
}

async function playRun(options: RehearsalOptions, before: readonly RehearsedRun[], fate: Fate): Promise<RehearsedRun> {
  const { world, concurrency, consents, signal } = options;
  const { units } = options.replan?.() ?? options.plan;
  const { clock, stage } = world;
  const [view, head] = [options.view(before.length + 1), options.head(before.length + 1)];
  const entries: Entry[] = [];
  const began = clock.elapsed();
  const intents = openIntents([...(options.earlier ?? []), ...before].map((one) => one.entries));
  const journal = { append: (entry: Entry) => void (stage.fuse.blown || entries.push(entry)) };
  const watching: View = {
    show(entry) {
      if (stage.fuse.blown) return;
      view.show(entry);
      for (const text of fate.meet(entry)) note(text, clock.now(), journal, view);
    },
    close: () => view.close(),
  };
  const walk = { mode: 'apply', head, concurrency, consents, intents, journal, view: watching, signal } as const;
  try {
    return { entries, ...(await run(units, world, walk)) };
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
    const seconds = Math.round(clock.elapsed() - began) / 1000;
    const { told, result } = cutRun({ cut: error, entries, mishaps: options.mishaps, now: clock.now(), seconds });
    for (const entry of told) view.show(entry);
    return { entries: [...entries, ...told], ...result };
  } finally {
    await view.close();
  }
}

/** What fate does is told like everything else, or nobody would understand the rest. */
function note(text: string, now: number, journal: { append(entry: Entry): void }, view: View): void {
  const entry: Entry = { event: 'note', at: new Date(now).toISOString(), text };
  journal.append(entry);
  view.show(entry);
}
