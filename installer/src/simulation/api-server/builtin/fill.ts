import type { Json } from '#kube/json';
import { isRecord } from '../values.ts';

/** The value with what it leaves out taken from `defaults`; maps are filled field by field, the rest as a whole. */
export function fill(value: Json, defaults: Json): Json {
  if (value === undefined || value === null) return defaults;
  if (!isRecord(value) || !isRecord(defaults)) return value;
  let copy: Record<string, Json> | undefined;
  for (const key of Object.keys(defaults)) {
    const filled = fill(value[key], defaults[key]);
    if (filled === value[key]) continue;
    copy ??= { ...value };
    copy[key] = filled;
  }
  return copy ?? value;
}

/** The map with one field passed through a function; the same map when nothing changes or the field is absent. */
export function change(value: Json, key: string, by: (field: Json) => Json): Json {
  if (!isRecord(value) || value[key] === undefined) return value;
  const next = by(value[key]);
  return next === value[key] ? value : { ...value, [key]: next };
}

/** The list with every item passed through a function; the same list when nothing changes. */
export function each(list: Json, by: (item: Json) => Json): Json {
  if (!Array.isArray(list)) return list;
  const next = list.map(by);
  return next.every((item, index) => item === list[index]) ? list : next;
}

/** Drops nulls everywhere and empty lists that Kubernetes never stores. */
export function tidy(value: Json): Json {
  if (Array.isArray(value)) return each(value, tidy);
  if (!isRecord(value)) return value;
  let copy: Record<string, Json> | undefined;
  for (const key of Object.keys(value)) {
    const field = value[key];
    const next = field === null || isUnstored(key, field) ? undefined : tidy(field);
    if (next === field) continue;
    copy ??= { ...value };
    if (next === undefined) delete copy[key];
    else copy[key] = next;
  }
  return copy ?? value;
}

const keptLists = new Set(['rules', 'endpoints', 'ingress', 'egress', 'webhooks']);
const unstoredMaps = new Set(['labels', 'annotations', 'data', 'binaryData', 'nodeSelector', 'limits', 'requests']);

function isUnstored(key: string, field: Json): boolean {
  if (Array.isArray(field)) return field.length === 0 && !keptLists.has(key);
  return unstoredMaps.has(key) && isRecord(field) && Object.keys(field).length === 0;
}
