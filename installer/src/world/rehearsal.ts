import { Fault } from '#engine/fault';
import { type RunOptions, type RunResult, run } from '#engine/run';
import type { Plan } from '#plan/plan';
import type { Entry, View } from '#ports/journal';
import { openIntents } from '#report/history';
import { type Mishap, mishaps } from '#simulation/mishaps';
import { PowerCut } from '#simulation/power';
import type { SimulatedWorld } from './simulated.ts';

/** A mishap and where it strikes: a phase or a step. */
export interface PlannedMishap {
  readonly mishap: Mishap;
  readonly at: string;
}

export interface RehearsalOptions {
  readonly plan: Plan;
  readonly world: SimulatedWorld;
  readonly mishaps: readonly PlannedMishap[];
  /** Go on after each mishap as the next run would. */
  readonly resume: boolean;
  readonly concurrency: number;
  readonly consents: ReadonlySet<string>;
  readonly signal: AbortSignal;
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
  const runs: RehearsedRun[] = [];
  const pending = [...options.mishaps];
  while (runs.length < mostRuns) {
    const struck: PlannedMishap[] = [];
    const one = await playRun(options, runs, pending, struck);
    runs.push(one);
    if (one.outcome === 'rebooting') {
      await options.world.restart();
      continue;
    }
    if (one.outcome === 'done' || !options.resume || struck.length === 0) break;
    for (const { mishap } of struck) mishap.mend?.(options.world.stage);
    if (one.outcome === 'cut') await options.world.restart();
  }
  return runs;
}

async function playRun(
  options: RehearsalOptions,
  before: readonly RehearsedRun[],
  pending: PlannedMishap[],
  struck: PlannedMishap[],
): Promise<RehearsedRun> {
  const { world, plan } = options;
  const number = before.length + 1;
  const view = options.view(number);
  const entries: Entry[] = [];
  const journal = { append: (entry: Entry) => void (world.stage.fuse.blown || entries.push(entry)) };
  const watching: View = {
    show: (entry) => {
      if (world.stage.fuse.blown) return;
      view.show(entry);
      strikeAt(entry, pending, struck, world);
    },
    close: () => view.close(),
  };
  const intents = openIntents(before.map((one) => one.entries));
  const { concurrency, consents, signal } = options;
  try {
    const head = options.head(number);
    const result = await run(plan.units, world, {
      mode: 'apply',
      head,
      concurrency,
      consents,
      intents,
      journal,
      view: watching,
      signal,
    });
    return { entries, ...result };
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
    return cutRun(error, entries, view, world);
  } finally {
    await view.close();
  }
}

function strikeAt(entry: Entry, pending: PlannedMishap[], struck: PlannedMishap[], world: SimulatedWorld): void {
  const place = entry.event === 'phase-began' ? entry.phase : entry.event === 'step-began' ? entry.step : undefined;
  if (place === undefined) return;
  for (const planned of pending.filter((one) => one.at === place)) {
    pending.splice(pending.indexOf(planned), 1);
    struck.push(planned);
    planned.mishap.strike(world.stage, place);
  }
}

/** A machine without power writes nothing; what is told here is what a person finds out afterwards. */
function cutRun(cut: PowerCut, entries: Entry[], view: View, world: SimulatedWorld): RehearsedRun {
  const at = new Date(world.clock.now()).toISOString();
  const step = entries.findLast((one) => one.event === 'step-began');
  const fault = new Fault({
    code: 'POWER-LOST',
    message: `the power was cut ${moments[cut.moment]} “${cut.during}”`,
    where: step?.event === 'step-began' ? [`host ${step.host}`, `step ${step.step}`] : [],
    remedy: [
      'run the same command again: it goes on from here',
      'novasphere rehearse … --resume  plays the next boot and that run',
    ],
  });
  const told: Entry[] = [
    { event: 'run-ended', at, outcome: 'cut', exitCode: fault.exitCode, seconds: secondsOf(entries, at), changed: 0 },
  ];
  if (step?.event === 'step-began')
    told.unshift({ event: 'failed', at, step: step.step, host: step.host, fault: fault.record() });
  for (const entry of told) view.show(entry);
  return { entries: [...entries, ...told], outcome: 'cut', exitCode: fault.exitCode, faults: [fault], changed: 0 };
}

const moments = { before: 'before', torn: 'in the middle of', after: 'right after' } as const;

function secondsOf(entries: readonly Entry[], end: string): number {
  const first = entries[0];
  return first === undefined ? 0 : (Date.parse(end) - Date.parse(first.at)) / 1000;
}

/** `power-cut@multus` → the mishap and where it strikes. Faults with did-you-mean. */
export function plannedMishap(text: string, plan: Plan): PlannedMishap {
  const [name = '', at] = text.split('@');
  const mishap = mishaps.find((one) => one.name === name);
  if (mishap === undefined)
    throw unknown(
      `there is no mishap called ${name}`,
      mishaps.map((one) => `${one.name}  ${one.summary}`),
    );
  const places = plan.units.flatMap(({ phase }) => [phase.id, ...phase.steps.map((step) => step.id)]);
  const place = at ?? mishap.at;
  if (places.includes(place)) return { mishap, at: place };
  throw unknown(`this profile's plan has no phase or step called ${place}`, [...new Set(places)]);
}

function unknown(message: string, known: readonly string[]): Fault {
  return new Fault({
    code: 'MISHAP-UNKNOWN',
    message,
    evidence: known,
    remedy: ['novasphere rehearse --help  lists the mishaps', 'write  NAME@STEP, for example  power-cut@multus'],
  });
}
