import type { Json } from '#kube/json';

/** The item of the old list that a transition rule compares with: only keyed lists have one. */
export function counterpart(item: Json, before: Json, schema: Json): Json {
  const keys: readonly string[] = schema['x-kubernetes-list-map-keys'] ?? [];
  if (!Array.isArray(before) || keys.length === 0) return undefined;
  return before.find((one) => keys.every((key) => one?.[key] === item?.[key]));
}
