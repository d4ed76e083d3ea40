import type { Json } from '#kube/json';
import type { KubeObject } from '#ports/cluster';
import type { Difference } from './object-changes.ts';

/**
 * In which of the fields that are stated an object is not as wanted: for an object that cannot become so, where the API
 * server's own comparison cannot be had. Fields that the server filled in by itself are none of it.
 */
export function statedDifferences(live: KubeObject, wanted: KubeObject): readonly Difference[] {
  const { apiVersion: _version, kind: _kind, status: _status, ...stated } = wanted;
  return [...compared(live, stated, ownedBy(live), '')];
}

/** What `novasphere-installer` owns, as `metadata.managedFields` writes it. */
function ownedBy({ metadata }: KubeObject): Json {
  const entries = (metadata.managedFields ?? []) as readonly Json[];
  const mine = entries.find(
    (one) => one.manager === 'novasphere-installer' && one.operation === 'Apply' && !one.subresource,
  );
  return mine?.fieldsV1;
}

function* compared(live: Json, wanted: Json, owned: Json, path: string): Generator<Difference> {
  const isList = Array.isArray(wanted) && Array.isArray(live) && wanted.length === live.length;
  if (isRecord(wanted) && isRecord(live)) yield* fields(live, wanted, owned, path);
  else if (isList) yield* items(live, wanted, path);
  else if (!Object.is(live, wanted) && !(wanted === null && live === undefined)) yield { path, from: live, to: wanted };
}

function* fields(live: Json, wanted: Json, owned: Json, path: string): Generator<Difference> {
  for (const key of Object.keys(wanted))
    yield* compared(live[key], wanted[key], owned?.[`f:${key}`], joined(path, key));
  for (const key of Object.keys(live))
    if (wanted[key] === undefined && owned?.[`f:${key}`] !== undefined)
      yield { path: joined(path, key), from: live[key], to: undefined };
}

function* items(live: readonly Json[], wanted: readonly Json[], path: string): Generator<Difference> {
  for (const [index, item] of wanted.entries()) yield* compared(live[index], item, undefined, `${path}[${index}]`);
}

function joined(path: string, key: string): string {
  if (!/^[A-Za-z0-9_-]+$/.test(key)) return `${path}['${key}']`;
  return path === '' ? key : `${path}.${key}`;
}

function isRecord(value: Json): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
