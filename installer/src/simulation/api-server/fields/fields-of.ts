import type { Json } from '#kube/json';
import { isRecord } from '../values.ts';
import { type Fields, nothing } from './set.ts';
import { element, type Shape, spokenKey } from './shape.ts';

/** Thrown for a list that cannot be told apart by its keys. */
export class Untellable extends Error {
  override readonly name = 'Untellable';
}

/** The fields that an applied configuration states: leaves and the items of keyed lists. */
export function fieldsOf(value: Json, shape: Shape, path = ''): Fields {
  if (isRecord(value)) return shape.atomic ? nothing : mapFields(value, shape, path);
  if (!Array.isArray(value) || shape.list === 'atomic') return nothing;
  const children: Record<string, Fields> = {};
  for (const [index, item] of value.entries()) {
    const name = element(item, shape);
    if (name === undefined) throw new Untellable(missing(path, index, shape));
    if (name in children) throw new Untellable(`${path}: duplicate entries for key ${spokenKey(name)}`);
    const inner = shape.list === 'set' ? nothing : fieldsOf(item, shape.item(), `${path}${spokenKey(name)}`);
    children[name] = Object.keys(inner).length === 0 ? nothing : { '.': nothing, ...inner };
  }
  return children;
}

function mapFields(value: Record<string, Json>, shape: Shape, path: string): Fields {
  const children: Record<string, Fields> = {};
  for (const key of Object.keys(value)) {
    const inner = shape.field(key);
    const item = value[key];
    // An empty list that is told apart by items states nothing.
    if (Array.isArray(item) && item.length === 0 && inner.list !== 'atomic') continue;
    children[`f:${key}`] = fieldsOf(item, inner, `${path}.${key}`);
  }
  return children;
}

function missing(path: string, index: number, shape: Shape): string {
  const keys = shape.keys.map((key) => `"${key}"`).join(' ');
  return `${path}: element ${index}: associative list with keys has an element that omits all key fields [${keys}] (and doesn't have default values for any key fields)`;
}

/** Every path of a value, containers too: what appears or disappears with it. */
export function allFields(value: Json, shape: Shape): Fields {
  const children: Record<string, Fields> = {};
  if (isRecord(value) && !shape.atomic) {
    for (const key of Object.keys(value)) children[`f:${key}`] = allFields(value[key], shape.field(key));
  } else if (Array.isArray(value) && shape.list !== 'atomic') {
    for (const item of value) {
      const name = element(item, shape);
      if (name !== undefined) children[name] = shape.list === 'set' ? nothing : allFields(item, shape.item());
    }
  }
  return Object.keys(children).length === 0 ? nothing : { '.': nothing, ...children };
}
