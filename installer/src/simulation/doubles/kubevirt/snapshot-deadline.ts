import type { Json } from '#kube/json';

const usual = 5 * 60;
const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** A duration as Go spells it, in seconds: `1h30m` is 5400. */
function seconds(duration: string): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? 's'] ?? 0), 0);
}

/** Seconds until a snapshot must have been taken; negative when that is over. */
export function secondsLeft({ spec, metadata }: Json, now: number): number {
  const allowed = spec.failureDeadline === undefined ? usual : seconds(spec.failureDeadline);
  return (Date.parse(metadata.creationTimestamp) - now) / 1000 + allowed;
}

export function isOver({ status }: Json): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/** Failed, or about to: nothing more is done for it but to clear away. */
export function isTooLate(snapshot: Json, now: number): boolean {
  return snapshot.status?.phase === 'Failed' || (!isOver(snapshot) && secondsLeft(snapshot, now) < 0);
}
