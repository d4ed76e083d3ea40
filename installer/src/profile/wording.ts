import { knownSchema, nodeAt, type SchemaNode } from './json-schema.ts';
import type { Path } from './mistake.ts';

/** A value as a message shows it: quoted, short, on one line. */
export function quote(value: unknown): string {
  if (typeof value === 'string') return `“${shorten(value)}”`;
  return `“${shorten(flow(value))}”`;
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

/** A value in YAML's one-line form, as a person would type it. */
export function flow(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map((item) => flow(item)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => `${key}: ${flow(item)}`);
    return `{${entries.join(', ')}}`;
  }
  return String(value);
}

/** What kind of thing a value is, in the words of YAML's readers. */
export function kindWord(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a mapping';
  return quote(value);
}

/** The first example that the schema gives for a value, or for what it is an item of, in one line. */
export function example(path: Path): string | undefined {
  const own = exampleAt(path);
  const around = own === undefined && path.length > 0 ? exampleAt(path.slice(0, -1)) : undefined;
  const item = typeof around === 'object' && around !== null ? Object.values(around)[0] : undefined;
  const found = own ?? item;
  return found === undefined ? undefined : flow(found);
}

function exampleAt(path: Path): unknown {
  return nodeAt(knownSchema(), path)?.examples?.[0];
}

/** `for example 10.7.0.1`, or what the field is for where there is no example. */
export function exampleOrPurpose(path: Path): string {
  const shown = example(path);
  if (shown !== undefined) return `for example ${shown}`;
  return purpose(nodeAt(knownSchema(), path)) ?? 'see docs/reference/profile.md';
}

function purpose(node: SchemaNode | undefined): string | undefined {
  const text = node?.description ?? node?.items?.description;
  if (text === undefined) return undefined;
  const keys = Object.keys(node?.properties ?? node?.items?.properties ?? {});
  return keys.length === 0 ? text : `keys: ${keys.join(', ')}`;
}
