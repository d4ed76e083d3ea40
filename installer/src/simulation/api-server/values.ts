import type { Json } from '#kube/json';

/** A frozen copy of a JSON value, without undefined fields: nothing that a client holds can change what is stored. */
export function frozen(value: Json): Json {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return Object.freeze(value.map(frozen));
  const copy: Record<string, Json> = {};
  for (const key of Object.keys(value)) {
    const field = value[key];
    if (field !== undefined) copy[key] = frozen(field);
  }
  return Object.freeze(copy);
}

/** Whether two JSON values say the same; parts that are shared cost nothing. */
export function equal(one: Json, other: Json): boolean {
  if (one === other) return true;
  if (one === null || other === null || typeof one !== 'object' || typeof other !== 'object') return false;
  if (Array.isArray(one)) {
    return Array.isArray(other) && one.length === other.length && one.every((item, index) => equal(item, other[index]));
  }
  if (Array.isArray(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => key in other && equal(one[key], other[key]));
}

export function isRecord(value: Json): value is Record<string, Json> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The object without a field. */
export function without(value: Record<string, Json>, ...keys: readonly string[]): Record<string, Json> {
  if (!keys.some((key) => key in value)) return value;
  const copy = { ...value };
  for (const key of keys) delete copy[key];
  return copy;
}
