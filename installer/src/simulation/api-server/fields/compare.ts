import type { Json } from '#kube/json';
import { equal, isRecord } from '../values.ts';
import { allFields } from './fields-of.ts';
import { type Fields, nothing } from './set.ts';
import { element, type Shape } from './shape.ts';

/** Which fields two states of an object differ in. */
export interface Comparison {
  readonly added: Fields;
  readonly modified: Fields;
  readonly removed: Fields;
}

type Draft = { added: Record<string, Fields>; modified: Record<string, Fields>; removed: Record<string, Fields> };

/** Compares two maps; parts that they share cost nothing. */
export function compare(before: Json, after: Json, shape: Shape): Comparison {
  const draft: Draft = { added: {}, modified: {}, removed: {} };
  if (before === after) return draft;
  const old: Record<string, Json> = before ?? {};
  for (const key of Object.keys(after)) note(draft, `f:${key}`, old[key], after[key], shape.field(key));
  for (const key of Object.keys(old)) {
    if (!(key in after)) draft.removed[`f:${key}`] = allFields(old[key], shape.field(key));
  }
  return draft;
}

function compareLists(before: readonly Json[], after: readonly Json[], shape: Shape): Comparison {
  const draft: Draft = { added: {}, modified: {}, removed: {} };
  const old = index(before, shape);
  const now = index(after, shape);
  for (const [name, item] of now) note(draft, name, old.get(name), item, shape.item());
  for (const [name, item] of old) if (!now.has(name)) draft.removed[name] = allFields(item, shape.item());
  return draft;
}

function index(list: readonly Json[], shape: Shape): Map<string, Json> {
  return new Map(list.map((item, position) => [element(item, shape) ?? `i:${position}`, item]));
}

function note(draft: Draft, name: string, before: Json, after: Json, shape: Shape): void {
  if (before === after) return;
  if (before === undefined) {
    draft.added[name] = allFields(after, shape);
    return;
  }
  const inner = innerComparison(before, after, shape);
  if (inner === undefined) {
    if (!equal(before, after)) draft.modified[name] = nothing;
    return;
  }
  if (Object.keys(inner.added).length > 0) draft.added[name] = inner.added;
  if (Object.keys(inner.modified).length > 0) draft.modified[name] = inner.modified;
  if (Object.keys(inner.removed).length > 0) draft.removed[name] = inner.removed;
}

function innerComparison(before: Json, after: Json, shape: Shape): Comparison | undefined {
  if (isRecord(before) && isRecord(after) && !shape.atomic) return compare(before, after, shape);
  if (Array.isArray(before) && Array.isArray(after) && shape.list !== 'atomic') {
    return compareLists(before, after, shape);
  }
  return undefined;
}
