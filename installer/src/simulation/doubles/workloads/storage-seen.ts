import type { KubeObject } from '#kube/object';
import { claimsOf } from '../node/claim.ts';
import type { Shelf } from '../shelf.ts';

/** What the storage controllers look at. */
export interface StorageSeen {
  readonly claims: Shelf;
  readonly volumes: Shelf;
  readonly classes: Shelf;
  readonly pods: Shelf;
}

/** The pods that have a claim among their volumes. */
export function usersOf(pods: Shelf, claim: KubeObject): KubeObject[] {
  const { name, namespace } = claim.metadata;
  return pods.all().filter((pod) => pod.metadata.namespace === namespace && claimsOf(pod).includes(name));
}
