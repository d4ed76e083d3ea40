import type { Journal, Outcome, View } from '#ports/journal';
import type { World } from '#ports/world';
import { codes } from './codes.ts';
import type { Fault } from './fault.ts';
import { interrupted, type Walk } from './run-step.ts';
import { type News, teller } from './tell.ts';
import type { Ended, Ledger, Unit } from './unit.ts';
import { walkAll } from './walk.ts';

export type { Unit } from './unit.ts';

export interface RunOptions {
  readonly mode: 'inspect' | 'apply';
  /** The event that the journal begins with. */
  readonly head: Extract<News, { event: 'run-began' }>;
  /** How many units may be under way at once; 1 = strictly one after the other. */
  readonly concurrency: number;
  readonly consents: ReadonlySet<string>;
  readonly intents: ReadonlySet<string>;
  /** Sentences that stand at the beginning of the journal. */
  readonly notes?: readonly string[];
  readonly journal: Journal;
  readonly view: View;
  /** Aborts: stop at the next safe point. */
  readonly signal: AbortSignal;
}

export interface RunResult {
  readonly outcome: Outcome;
  readonly exitCode: number;
  readonly faults: readonly Fault[];
  /** How many steps changed something (apply) or would (inspect). */
  readonly changed: number;
}

/**
 * Walks the units in order. A unit starts when every unit of the phases that it needs has passed; the walk stops at
 * the first fault, after what is under way has come to its own safe point. In inspect mode it looks at everything.
 */
export async function run(units: readonly Unit[], world: World, options: RunOptions): Promise<RunResult> {
  const tell = teller(world.clock, options.journal, options.view);
  const began = world.clock.elapsed();
  tell(options.head);
  for (const text of options.notes ?? []) tell({ event: 'note', text });
  const halt = new AbortController();
  const signal = AbortSignal.any([options.signal, halt.signal]);
  const walk: Walk = { world, mode: options.mode, tell, consents: options.consents, intents: options.intents, signal };
  const ledger: Ledger = { faults: [], changed: 0 };
  const ended = await walkAll(units, options.concurrency, walk, ledger, () => halt.abort(interrupted()));
  const result = conclude(ended, ledger, options.signal.aborted);
  const seconds = Math.round(world.clock.elapsed() - began) / 1000;
  tell({ event: 'run-ended', outcome: result.outcome, exitCode: result.exitCode, seconds, changed: result.changed });
  return result;
}

function conclude(ended: Ended, ledger: Ledger, asked: boolean): RunResult {
  const { faults, changed } = ledger;
  const worst = faults[0];
  if (worst !== undefined) return { outcome: outcomeOf(worst), exitCode: worst.exitCode, faults, changed };
  if (ended === 'rebooting') return { outcome: 'rebooting', exitCode: codes['RUN-INTERRUPTED'].exit, faults, changed };
  if (ended === 'stopped' || asked)
    return { outcome: 'interrupted', exitCode: codes['RUN-INTERRUPTED'].exit, faults, changed };
  return { outcome: 'done', exitCode: 0, faults, changed };
}

function outcomeOf(fault: Fault): Outcome {
  if (fault.exitCode === 4) return 'timed-out';
  if (fault.exitCode === 6) return 'refused';
  return 'failed';
}
