import { type Host, Rebooting } from '#ports/host';
import { Fault } from './fault.ts';
import { runStep, stageOn, type Walk, wait } from './run-step.ts';
import type { Gate, Phase } from './step.ts';

/** One phase on one host: what the walk starts and ends as a whole. */
export interface Unit {
  readonly phase: Phase;
  readonly host: string;
}

/** How a unit, or the whole walk, came to its end. */
export type Ended = 'all' | 'stopped' | 'rebooting';

/** What a walk learns on its way. */
export interface Ledger {
  readonly faults: Fault[];
  changed: number;
}

/** Walks one unit step by step; in inspect mode past faults, so that all of them are told. */
export async function runUnit(unit: Unit, walk: Walk, ledger: Ledger): Promise<Ended> {
  const { phase } = unit;
  const host = walk.world.host(unit.host);
  if (host === undefined || phase.steps.length === 0) return 'all';
  const began = walk.world.clock.elapsed();
  walk.tell({ event: 'phase-began', phase: phase.id, title: phase.title });
  const end = await runSteps(unit, host, walk, ledger);
  const seconds = Math.round(walk.world.clock.elapsed() - began) / 1000;
  walk.tell({ event: 'phase-ended', phase: phase.id, outcome: end.outcome, seconds });
  return end.ended;
}

interface UnitEnd {
  readonly ended: Ended;
  readonly outcome: 'done' | 'failed' | 'stopped';
}

async function runSteps({ phase }: Unit, host: Host, walk: Walk, ledger: Ledger): Promise<UnitEnd> {
  let faulty = false;
  for (const [index, step] of phase.steps.entries()) {
    if (walk.signal.aborted) return { ended: 'stopped', outcome: 'stopped' };
    try {
      const outcome = await runStep(step, host, walk);
      if (outcome !== 'converged') ledger.changed++;
    } catch (error) {
      if (error instanceof Rebooting) return { ended: 'rebooting', outcome: 'stopped' };
      if (!(error instanceof Fault)) throw error;
      if (error.code === 'RUN-INTERRUPTED') return { ended: 'stopped', outcome: 'stopped' };
      ledger.faults.push(error);
      faulty = true;
      if (walk.mode === 'inspect') continue;
      await takeBack(phase, index, host, error, walk);
      return { ended: 'stopped', outcome: 'failed' };
    }
  }
  return { ended: 'all', outcome: faulty ? 'failed' : 'done' };
}

/** Lets the failed step and those before it, last first, take back what would do harm if it stayed. */
async function takeBack(phase: Phase, index: number, host: Host, fault: Fault, walk: Walk): Promise<void> {
  for (const step of phase.steps.slice(0, index + 1).toReversed()) {
    const stage = stageOn(host, walk);
    const act = { waitFor: (gate: Gate) => wait(gate, step, stage, walk) };
    const told = await step.undo?.(stage, fault, act).catch((error: unknown) => {
      if (error instanceof Fault) return `could not take back: ${error.message}`;
      throw error;
    });
    if (told !== undefined) walk.tell({ event: 'undone', step: step.id, host: host.name, because: told });
  }
}
