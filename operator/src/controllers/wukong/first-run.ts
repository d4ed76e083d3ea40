import type { KubeObject } from '#kube/object';

/** A Wukong that has never been Ready has not been so since it was made, give or take the seconds of its first pass. */
const firstPass = 5_000;

/** Milliseconds from the creation of a Wukong to `now`, when it runs for the first time; undefined when it ran before. */
export function firstRun({ metadata, ...rest }: KubeObject, now: number): number | undefined {
  const ready = (rest['status']?.conditions ?? []).find((one: { type: string }) => one.type === 'Ready');
  const made = Date.parse(metadata.creationTimestamp ?? '');
  if (ready !== undefined && Date.parse(ready.lastTransitionTime) - made > firstPass) return undefined;
  return Number.isNaN(made) ? undefined : now - made;
}
