import type { Entry } from '#ports/journal';

/** What earlier runs know of how long something takes, in seconds. */
export interface Past {
  readonly last: number;
  readonly p95: number;
}

/** Durations of earlier runs: of a step that changed something, and of a gate. */
export interface History {
  step(id: string): Past | undefined;
  gate(step: string, gate: string): Past | undefined;
}

/** Learns from the journals of earlier runs, oldest first. Looking (`plan`) is not counted, only doing. */
export function historyOf(runs: readonly (readonly Entry[])[]): History {
  const steps = new Map<string, number[]>();
  const gates = new Map<string, number[]>();
  for (const entry of runs.flat()) {
    if (entry.event === 'step-ended' && entry.outcome === 'applied') note(steps, entry.step, entry.seconds);
    if (entry.event === 'passed') note(gates, `${entry.step} ${entry.gate}`, entry.seconds);
  }
  return {
    step: (id) => pastOf(steps.get(id)),
    gate: (step, gate) => pastOf(gates.get(`${step} ${gate}`)),
  };
}

function note(spans: Map<string, number[]>, key: string, seconds: number): void {
  const known = spans.get(key);
  if (known === undefined) spans.set(key, [seconds]);
  else known.push(seconds);
}

function pastOf(spans: readonly number[] | undefined): Past | undefined {
  const last = spans?.at(-1);
  if (spans === undefined || last === undefined) return undefined;
  const sorted = spans.toSorted((one, other) => one - other);
  const p95 = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? last;
  return { last, p95 };
}

/**
 * Targets that some run wrote down before destroying them and that no run is known to have finished: their blankness
 * may be half done, so finding something on them is no surprise. Runs oldest first.
 */
export function openIntents(runs: readonly (readonly Entry[])[]): ReadonlySet<string> {
  const open = new Map<string, string>();
  for (const entry of runs.flat()) {
    if (entry.event === 'intent') open.set(entry.target, `${entry.host} ${entry.step}`);
    if (entry.event === 'applied' || isSettled(entry)) forget(open, `${entry.host} ${entry.step}`);
  }
  return new Set(open.keys());
}

function isSettled(entry: Entry): entry is Extract<Entry, { event: 'step-ended' }> {
  return entry.event === 'step-ended' && (entry.outcome === 'converged' || entry.outcome === 'applied');
}

function forget(open: Map<string, string>, owner: string): void {
  for (const [target, by] of open) if (by === owner) open.delete(target);
}
