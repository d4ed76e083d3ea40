import type { Json } from '#kube/json';
import { metadata } from './built-in.ts';
import { free, type Shape } from './shape.ts';

const known = new WeakMap<object, Shape>();

/** The shape that a schema of a custom resource describes; made only for the fields that somebody uses. */
export function schemaShape(schema: Json): Shape {
  if (schema === undefined || schema === null || typeof schema !== 'object') return free;
  let shape = known.get(schema);
  if (shape === undefined) {
    shape = make(schema);
    known.set(schema, shape);
  }
  return shape;
}

function make(schema: Json): Shape {
  const items: Json = schema.items;
  const keys: readonly string[] = (schema['x-kubernetes-list-map-keys'] ?? []).toSorted(byName);
  const defaults: Record<string, Json> = {};
  for (const key of keys) {
    const value = items?.properties?.[key]?.default;
    if (value !== undefined) defaults[key] = value;
  }
  return {
    atomic: schema['x-kubernetes-map-type'] === 'atomic',
    list: schema['x-kubernetes-list-type'] ?? 'atomic',
    keys,
    defaults,
    type: typeOf(schema),
    declares: declaration(schema),
    field: (name) => {
      if (name === 'metadata' && schema['x-kubernetes-embedded-resource'] === true) return metadata;
      const property = schema.properties?.[name];
      if (property !== undefined) return schemaShape(property);
      return isObject(schema.additionalProperties) ? schemaShape(schema.additionalProperties) : free;
    },
    item: () => schemaShape(items),
  };
}

const types: Readonly<Record<string, Shape['type']>> = {
  string: 'string',
  integer: 'numeric',
  number: 'numeric',
  boolean: 'boolean',
  array: 'list',
  object: 'map',
};

function typeOf(schema: Json): Shape['type'] {
  return schema['x-kubernetes-int-or-string'] === true ? undefined : types[schema.type];
}

/** Which fields may be there; undefined where nobody has said it. */
function declaration(schema: Json): Shape['declares'] {
  const known: Json = schema.properties;
  if (known === undefined || schema.additionalProperties !== undefined) return undefined;
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return undefined;
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true;
  return (name) => Object.hasOwn(known, name) || (isEmbedded && typed.includes(name));
}

const typed = ['apiVersion', 'kind', 'metadata'];

function isObject(value: Json): boolean {
  return value !== null && typeof value === 'object';
}

/** The same for a whole custom resource, whose metadata every API server knows. */
export function customShape(schema: Json): Shape {
  const inner = schemaShape(schema);
  const { declares } = inner;
  return {
    ...inner,
    declares: declares && ((name) => typed.includes(name) || declares(name)),
    field: (name) => (name === 'metadata' ? metadata : inner.field(name)),
  };
}

function byName(one: string, other: string): number {
  return one < other ? -1 : 1;
}
