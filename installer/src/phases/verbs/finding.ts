import type { Fault } from '#engine/fault';
import type { Change, Finding } from '#engine/step';

/** What a probe found, from the list of changes that it would make. */
export function finding(changes: readonly Change[], notes: readonly string[] = []): Finding {
  const [first, ...rest] = changes;
  const worthTelling = notes.length === 0 ? {} : { notes };
  if (first !== undefined) return { state: 'drifted', changes: [first, ...rest], ...worthTelling };
  return { state: 'converged', ...worthTelling };
}

export function blocked(fault: Fault): Finding {
  return { state: 'blocked', fault };
}
