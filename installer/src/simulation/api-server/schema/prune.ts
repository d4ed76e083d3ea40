import type { Json } from '#kube/json';
import { isRecord } from '../values.ts';

const embedded = ['apiVersion', 'kind', 'metadata'];

/** Drops the fields that a structural schema does not know and fills in defaults; unchanged parts are shared. */
export function pruned(value: Json, schema: Json): Json {
  if (schema === undefined) return value;
  if (Array.isArray(value))
    return sameOr(
      value,
      value.map((item) => pruned(item, schema.items)),
    );
  if (!isRecord(value) || schema['x-kubernetes-int-or-string'] === true) return value;
  const keeps = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const rest = isRecord(schema.additionalProperties) ? schema.additionalProperties : undefined;
  const open = keeps || schema.additionalProperties === true;
  const copy: Record<string, Json> = {};
  let changed = false;
  for (const key of Object.keys(value)) {
    const property = schema.properties?.[key] ?? rest;
    const isEmbedded = schema['x-kubernetes-embedded-resource'] === true && embedded.includes(key);
    if (property === undefined && !open && !isEmbedded) {
      changed = true;
      continue;
    }
    const inner = isEmbedded ? value[key] : pruned(value[key], property);
    if (inner !== value[key]) changed = true;
    copy[key] = inner;
  }
  return changed ? copy : value;
}

function sameOr(before: readonly Json[], after: readonly Json[]): Json {
  return after.every((item, index) => item === before[index]) ? before : after;
}

/** Fills in the defaults of a structural schema; a null that may not be one counts as absent. */
export function defaulted(value: Json, schema: Json): Json {
  if (schema === undefined) return value;
  if (Array.isArray(value))
    return sameOr(
      value,
      value.map((item) => defaulted(item, schema.items)),
    );
  if (!isRecord(value)) return value;
  let copy: Record<string, Json> | undefined;
  const put = (key: string, inner: Json) => {
    copy ??= { ...value };
    copy[key] = inner;
  };
  for (const [key, property] of Object.entries<Json>(schema.properties ?? {})) {
    const present = value[key] !== undefined && !(value[key] === null && property.nullable !== true);
    if (!present && property.default !== undefined) put(key, property.default);
    const inner = copy?.[key] ?? value[key];
    const filled = defaulted(inner, property);
    if (filled !== inner) put(key, filled);
  }
  if (isRecord(schema.additionalProperties)) {
    for (const key of Object.keys(value)) {
      if (schema.properties?.[key] !== undefined) continue;
      const filled = defaulted(value[key], schema.additionalProperties);
      if (filled !== value[key]) put(key, filled);
    }
  }
  return copy ?? value;
}
