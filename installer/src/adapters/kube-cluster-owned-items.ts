import type { Json } from '#kube/json';
import type { OwnedFields } from './kube-cluster-owned.ts';

/** An item of a list that is merged item by item: what is owned of it, what is wanted, and what is there. */
export interface OwnedItem {
  readonly owned: OwnedFields;
  readonly wanted: Json;
  readonly live: Json;
}

/**
 * The wanted items of such a list with the path element that stands for each (`k:{"name":"x"}`, `v:"x"`). Undefined
 * when they are not exactly the owned ones, are in another order than what is there, or cannot be told apart.
 */
export function itemsOf(
  fields: OwnedFields,
  wanted: readonly Json[],
  live: readonly Json[],
): readonly OwnedItem[] | undefined {
  const elements = Object.keys(fields).filter((element) => element !== '.');
  if (elements.length !== wanted.length) return undefined;
  const left = new Set(elements);
  const found: (OwnedItem & { readonly at: number })[] = [];
  for (const item of exactFirst(wanted, elements)) {
    const element = elementFor(item, left);
    if (element === undefined) return undefined;
    left.delete(element);
    const at = live.findIndex((one) => fits(one, element, true));
    if (at === -1) return undefined;
    found.push({ owned: fields[element] as OwnedFields, wanted: item, live: live[at], at });
  }
  const places = wanted.map((item) => found.find((one) => one.wanted === item)?.at ?? -1);
  return places.every((at, index) => index === 0 || at > (places[index - 1] ?? -1)) ? found : undefined;
}

/** Items that state their whole key come first: what leaves part of it to a default takes what remains. */
function exactFirst(wanted: readonly Json[], elements: readonly string[]): readonly Json[] {
  const isExact = (item: Json) => elements.some((element) => fits(item, element, true));
  return [...wanted.filter(isExact), ...wanted.filter((item) => !isExact(item))];
}

function elementFor(item: Json, left: ReadonlySet<string>): string | undefined {
  const exact = [...left].find((element) => fits(item, element, true));
  if (exact !== undefined) return exact;
  const loose = [...left].filter((element) => fits(item, element, false));
  return loose.length === 1 ? loose[0] : undefined;
}

/** Whether an item is the one that a path element means; without `whole` it may leave parts of the key out. */
function fits(item: Json, element: string, whole: boolean): boolean {
  const stated: Json = JSON.parse(element.slice(2));
  if (element.startsWith('v:')) return Object.is(item, stated);
  if (!element.startsWith('k:') || typeof item !== 'object' || item === null) return false;
  const keys = Object.keys(stated);
  const given = keys.filter((key) => item[key] !== undefined);
  if (given.length === 0 || (whole && given.length < keys.length)) return false;
  return given.every((key) => item[key] === stated[key]);
}
