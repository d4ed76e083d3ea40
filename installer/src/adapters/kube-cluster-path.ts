import type { Json } from '#kube/json';

/** One step into an object: a field, or the item of a list that has these values. */
type Step = { readonly field: string } | { readonly item: Readonly<Record<string, Json>> };

/**
 * Reads a path as the API server writes it in conflicts, `.spec.containers[name="x"].image`, along an object that has
 * it: names of fields may hold dots. Undefined when the object does not have it.
 */
export function stepsTo(path: string, object: Json): readonly Step[] | undefined {
  if (path === '') return [];
  if (typeof object !== 'object' || object === null) return undefined;
  return path.startsWith('.') ? intoField(path.slice(1), object) : intoItem(path, object);
}

function intoField(path: string, object: Json): readonly Step[] | undefined {
  for (const field of Object.keys(object).toSorted((one, other) => other.length - one.length)) {
    if (!path.startsWith(field) || !/^($|[.[])/.test(path.slice(field.length))) continue;
    const rest = stepsTo(path.slice(field.length), object[field]);
    if (rest !== undefined) return [{ field }, ...rest];
  }
  return undefined;
}

function intoItem(path: string, list: Json): readonly Step[] | undefined {
  const [whole, inside = ''] = /^\[((?:"(?:[^"\\]|\\.)*"|[^\]"])*)\]/.exec(path) ?? [];
  if (whole === undefined) return undefined;
  const pairs = [...inside.matchAll(/(\w+)=("(?:[^"\\]|\\.)*"|[^,]+)/g)];
  const item = Object.fromEntries(pairs.map(([, key = '', value = '']) => [key, JSON.parse(value)]));
  const rest = stepsTo(path.slice(whole.length), found(list, item));
  return rest === undefined ? undefined : [{ item }, ...rest];
}

/** What stands there; undefined when nothing does. */
export function valueAt(object: Json, steps: readonly Step[]): Json {
  return steps.reduce<Json>((at, step) => ('field' in step ? at?.[step.field] : found(at, step.item)), object);
}

/** A merge patch that sets the value; undefined where the way goes through a list. */
export function patchTo(steps: readonly Step[], value: Json): Json {
  return steps.toReversed().reduce<Json>((inner, step) => {
    return inner === undefined || !('field' in step) ? undefined : { [step.field]: inner };
  }, value);
}

function found(list: Json, wanted: Readonly<Record<string, Json>>): Json {
  if (!Array.isArray(list)) return undefined;
  return list.find((one) => Object.entries(wanted).every(([key, value]) => one?.[key] === value));
}
