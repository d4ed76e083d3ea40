import type { Json } from '#kube/json';
import type { KubeObject } from '#ports/cluster';

const bookkeeping = new Set(['managedFields', 'resourceVersion', 'generation', 'creationTimestamp', 'uid', 'selfLink']);

/** Whether two states of an object say the same, apart from what the API server counts and times, and its status. */
export function sameObject(one: KubeObject, other: KubeObject): boolean {
  return same(wished(one), wished(other));
}

function wished({ status: _status, metadata, ...object }: KubeObject): Json {
  return { ...object, metadata: told(metadata) };
}

function told(metadata: Json): Json {
  return Object.fromEntries(Object.entries(metadata).filter(([field]) => !bookkeeping.has(field)));
}

function same(one: Json, other: Json): boolean {
  if (one === other) return true;
  if (one === null || other === null || typeof one !== 'object' || typeof other !== 'object') return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one).filter((key) => one[key] !== undefined);
  if (keys.length !== Object.keys(other).filter((key) => other[key] !== undefined).length) return false;
  return keys.every((key) => same(one[key], other[key]));
}
