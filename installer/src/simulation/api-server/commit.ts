import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Core } from './core.ts';
import type { Kind } from './kinds.ts';
import { keyOf } from './store.ts';
import { equal, frozen, without } from './values.ts';

/** What is stored, for whom. */
export interface Place {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly dryRun: boolean;
}

/** Stores a finished object; what says the same as before is not written at all. */
export function commit(core: Core, place: Place, live: KubeObject | undefined, object: Json): KubeObject {
  const { kind, dryRun } = place;
  const settled = tidied(object);
  if (live !== undefined && isSame(live, settled)) return live;
  const counted = live === undefined ? settled : { ...settled, metadata: counting(kind, live, settled) };
  if (dryRun) return frozen(counted);
  const key = keyOf(place.namespace, place.name);
  if (counted.metadata.deletionTimestamp !== undefined && isLoose(kind, counted)) {
    core.store.remove(kind.stored, key, (resourceVersion) => versioned(counted, resourceVersion));
    return versioned(counted, String(core.store.revision));
  }
  return core.store.put(kind.stored, key, (resourceVersion) => versioned(counted, resourceVersion));
}

/** Whether nothing holds a deleted object any more. */
export function isLoose(kind: Kind, object: Json): boolean {
  if ((object.metadata.finalizers ?? []).length > 0) return false;
  if (kind.stored === '/namespaces') return (object.spec?.finalizers ?? []).length === 0;
  return kind.stored !== '/pods' || (object.metadata.deletionGracePeriodSeconds ?? 0) === 0;
}

export function versioned(object: Json, resourceVersion: string): KubeObject {
  return frozen({ ...object, metadata: { ...object.metadata, resourceVersion } });
}

function tidied(object: Json): Json {
  const owners: readonly unknown[] = object.metadata.managedFields ?? [];
  if (owners.length > 0) return object;
  return { ...object, metadata: without(object.metadata, 'managedFields') };
}

/** Whether two states say the same, whatever the times in their ownership. */
function isSame(live: KubeObject, next: Json): boolean {
  const { managedFields: ours = [], ...before } = live.metadata;
  const { managedFields: theirs = [], ...after } = next.metadata;
  const untimed = (owners: readonly Json[]) => owners.map((owner) => ({ ...owner, time: '' }));
  return (
    equal({ ...live, metadata: before }, { ...next, metadata: after, apiVersion: live.apiVersion }) &&
    equal(untimed(ours as readonly Json[]), untimed(theirs))
  );
}

/** Metadata with the generation counted up when the spec changed. */
function counting(kind: Kind, live: KubeObject, next: Json): Json {
  const generation = live.metadata.generation;
  if (!kind.counts || generation === undefined) return next.metadata;
  const body = (object: Json) => without(object, 'apiVersion', 'metadata', ...(hasStatus(kind) ? ['status'] : []));
  const changed = !equal(body(live), body(next));
  return changed ? { ...next.metadata, generation: generation + 1 } : next.metadata;
}

function hasStatus(kind: Kind): boolean {
  return kind.subresources.includes('status');
}
