import type { Clock } from '#ports/clock';
import type { Sight } from '#ports/world';
import { Fault } from './fault.ts';
import { formatSpan } from './span.ts';
import { type Gate, second, type Verdict } from './step.ts';
import { Watch } from './watch.ts';

/** What the wait is told to others with: a new reason, or the same one after a while. */
export interface Wait {
  readonly because: string;
  readonly since: number;
  readonly slow: boolean;
}

export interface Patience {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  waiting(wait: Wait): void;
}

/** How often the same reason is told again. */
const repeatAfter = 30 * second;

/** Faults that pass by themselves while a cluster is being built: the gate goes on waiting and tells them. */
const passing = new Set(['CLUSTER-UNREACHABLE', 'CLUSTER-SERVER-ERROR']);

/**
 * Waits until the gate is ready and gives its evidence. Looks again when something that it read has changed.
 * Throws the gate's own fault when it is hopeless, GATE-TIMEOUT after the hard deadline, the signal's reason on abort.
 */
export async function pass(gate: Gate, sight: Sight, patience: Patience): Promise<readonly string[]> {
  const { clock, signal } = patience;
  const began = clock.elapsed();
  const since = clock.now();
  const watch = new Watch(sight);
  let told = { because: '', at: Number.NEGATIVE_INFINITY, slow: false };
  try {
    for (;;) {
      signal.throwIfAborted();
      const verdict = await look(gate, watch.sight);
      if (verdict.ready) return verdict.evidence;
      if (verdict.hopeless !== undefined) throw verdict.hopeless;
      const waited = clock.elapsed() - began;
      if (waited >= gate.hard) throw await expired(gate, sight, verdict.because, waited);
      const slow = waited >= gate.soft;
      if (verdict.because !== told.because || slow !== told.slow || clock.elapsed() - told.at >= repeatAfter) {
        told = { because: verdict.because, at: clock.elapsed(), slow };
        patience.waiting({ because: verdict.because, since, slow });
      }
      await watch.next(gate, Math.max(1, gate.hard - waited), clock, signal);
    }
  } finally {
    watch.close();
  }
}

async function look(gate: Gate, sight: Sight): Promise<Verdict> {
  try {
    return await gate.check(sight);
  } catch (error) {
    if (!(error instanceof Fault) || !passing.has(error.code)) throw error;
    return { ready: false, because: [error.message, ...error.record().because].join(': ') };
  }
}

async function expired(gate: Gate, sight: Sight, because: string, waited: number): Promise<Fault> {
  const better = await gate.explain?.(sight, because);
  if (better !== undefined) return better;
  return new Fault({
    code: 'GATE-TIMEOUT',
    message: `waited ${formatSpan(waited)} for ${gate.title}`,
    cause: because,
    remedy: ['novasphere explain', 'run the same command again: it goes on from here'],
  });
}
