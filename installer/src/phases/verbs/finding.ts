import type { Fault } from '#engine/fault';
import type { Change, Finding } from '#engine/step';

/** What a probe found, from the list of changes that it would make. */
export function finding(changes: readonly Change[], notes: readonly string[] = []): Finding {
  const [first, ...rest] = changes;
  if (first !== undefined) return { state: 'drifted', changes: [first, ...rest] };
  return notes.length === 0 ? { state: 'converged' } : { state: 'converged', notes };
}

export function blocked(fault: Fault): Finding {
  return { state: 'blocked', fault };
}
