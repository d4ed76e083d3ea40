import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '#kube/object';

/** Whether an update of an object is worth a reconcile. */
export type Matters = (object: KubeObject, before: KubeObject) => boolean;

/** Only where what is read of an object has changed: heartbeats in a status that nobody reads wake nobody. */
export function changedIn(read: (object: KubeObject) => unknown): Matters {
  return (object, before) => !isDeepStrictEqual(read(object), read(before));
}

/** What somebody wants of an object, as against what is so: a status that we write ourselves wakes nobody. */
export const wishChanged: Matters = changedIn(({ metadata }) => [
  metadata.generation,
  metadata.deletionTimestamp,
  metadata.finalizers ?? [],
  metadata.labels ?? {},
  metadata.annotations ?? {},
  metadata.ownerReferences ?? [],
]);
