import type { KubeObject } from '#kube/object';

/** Negative when the first is older; the uid decides where a second is shared. */
export function byAge(one: KubeObject, other: KubeObject): number {
  return ageKey(one) < ageKey(other) ? -1 : 1;
}

function ageKey({ metadata }: KubeObject): string {
  return `${metadata.creationTimestamp ?? ''} ${metadata.uid ?? ''}`;
}
