import type { Json } from '#kube/json';

/** How a value is owned and merged: maps field by field or as a whole, lists by key, as a set or as a whole. */
export interface Shape {
  /** The whole value, whatever is in it, is one field. */
  readonly atomic: boolean;
  readonly list: 'atomic' | 'set' | 'map';
  readonly keys: readonly string[];
  /** Values of keys that an item may leave out. */
  readonly defaults: Readonly<Record<string, Json>>;
  field(name: string): Shape;
  item(): Shape;
  /** What a value has to be; absent where anything may be. */
  readonly type?: 'string' | 'numeric' | 'boolean' | 'list' | 'map' | undefined;
  /** Whether a map may have a field; absent where every field may be. */
  readonly declares?: ((name: string) => boolean) | undefined;
}

/** Where nothing is known: maps by field, lists as a whole. */
export const free: Shape = {
  atomic: false,
  list: 'atomic',
  keys: [],
  defaults: {},
  field: () => free,
  item: () => free,
};

export const whole: Shape = { ...free, atomic: true };
export const set: Shape = { ...free, list: 'set' };
export const text: Shape = { ...free, type: 'string' };
/** A map from anything to text. */
export const texts: Shape = { ...free, type: 'map', field: () => text };
export const textList: Shape = { ...free, type: 'list', item: () => text };

/** A map with some known fields; the others are free. */
export function fields(known: Readonly<Record<string, Shape>>): Shape {
  return { ...free, field: (name) => (Object.hasOwn(known, name) ? (known[name] as Shape) : free) };
}

/** A list whose items are told apart by keys. */
export function keyed(keys: readonly string[], item: Shape = free, defaults: Shape['defaults'] = {}): Shape {
  return { ...free, list: 'map', keys, defaults, item: () => item };
}

/** The path element of a list's item: `k:{"name":"x"}` or `v:"x"`; undefined when an item lacks its key. */
export function element(item: Json, shape: Shape): string | undefined {
  if (shape.list === 'set') return `v:${JSON.stringify(item)}`;
  const key: Record<string, Json> = {};
  for (const name of shape.keys) {
    const value = item?.[name] ?? shape.defaults[name];
    if (value !== undefined) key[name] = value;
  }
  return Object.keys(key).length === 0 ? undefined : `k:${JSON.stringify(key)}`;
}

/** An element as messages name it: `[name="x"]`, `[="x"]`. */
export function spokenKey(name: string): string {
  if (name.startsWith('v:')) return `[=${name.slice(2)}]`;
  const keys = Object.entries(JSON.parse(name.slice(2)) as Record<string, unknown>);
  return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
}
