import type { Site } from '#plan/plan';

/** A site of one node: nothing needs a second replica there, and some things would wait for ever with two. */
export function isSingle({ profile }: Site): boolean {
  return profile.nodes.length === 1;
}

/** How many copies Longhorn keeps of a volume: what the profile says, else one per node, three at most. */
export function volumeReplicas({ profile }: Site): number {
  return profile.components.longhorn.replicas ?? Math.min(3, profile.nodes.length);
}
