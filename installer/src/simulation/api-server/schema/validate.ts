import type { Json } from '#kube/json';
import type { Cause } from '../refusal.ts';
import { equal, isRecord } from '../values.ts';
import { wrong } from '../wrong.ts';
import { counterpart } from './counterpart.ts';
import { hasFormat } from './formats.ts';

/**
 * What a value of a custom resource breaks in its schema, worded as the API server does. A part that is as it was before
 * is let be, so that an object from the time of a wider schema can still be changed elsewhere.
 */
export function violations(value: Json, schema: Json, path: string, before?: Json): readonly Cause[] {
  const found: Cause[] = [];
  check(value, schema, path, found, before);
  return found;
}

function check(value: Json, schema: Json, path: string, found: Cause[], before?: Json): void {
  if (!isRecord(schema) || value === undefined) return;
  if (path !== '' && before !== undefined && equal(value, before)) return;
  if (value === null) {
    if (schema['nullable'] !== true && schema['type'] !== undefined) found.push(wrongType(path, value, schema));
    return;
  }
  if (!hasType(value, schema)) {
    found.push(wrongType(path, value, schema));
    if (typeof value === 'number') checkNumber(value, schema, path, found);
    return;
  }
  if (Array.isArray(schema['enum']) && !schema['enum'].includes(value)) {
    found.push(wrong.unsupported(path, value, schema['enum']));
  }
  if (typeof value === 'string') checkString(value, schema, path, found);
  if (typeof value === 'number') checkNumber(value, schema, path, found);
  if (Array.isArray(value)) checkList(value, schema, path, found, before);
  if (isRecord(value)) checkMap(value, schema, path, found, before);
  checkCombined(value, schema, path, found);
}

function hasType(value: Json, schema: Json): boolean {
  if (schema['x-kubernetes-int-or-string'] === true) return typeof value === 'string' || Number.isInteger(value);
  switch (schema.type) {
    case 'string':
    case 'boolean':
      return typeof value === schema.type;
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isRecord(value);
    default:
      return true;
  }
}

function wrongType(path: string, value: Json, schema: Json): Cause {
  const type = typeName(value);
  return wrong.type(path, type, `${path} in body must be of type ${schema.type ?? 'integer,string'}: "${type}"`);
}

function typeName(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

function checkString(value: string, schema: Json, path: string, found: Cause[]): void {
  const length = Array.from(value).length;
  if (schema.maxLength !== undefined && length > schema.maxLength) found.push(wrong.tooLong(path, schema.maxLength));
  if (schema.minLength !== undefined && length < schema.minLength) {
    found.push(wrong.invalid(path, value, `${path} in body should be at least ${schema.minLength} chars long`));
  }
  if (schema.pattern !== undefined && !pattern(schema.pattern).test(value)) {
    found.push(wrong.invalid(path, value, `${path} in body should match '${schema.pattern}'`));
  }
  if (schema.format !== undefined && !hasFormat(value, schema.format)) {
    found.push(
      wrong.invalid(path, value, `${path} in body must be of type ${schema.format}: ${JSON.stringify(value)}`),
    );
  }
}

const patterns = new Map<string, RegExp>();

function pattern(text: string): RegExp {
  const known = patterns.get(text);
  if (known !== undefined) return known;
  const made = new RegExp(text.replaceAll('(?P<', '(?<'));
  patterns.set(text, made);
  return made;
}

function checkNumber(value: number, schema: Json, path: string, found: Cause[]): void {
  const { minimum, maximum } = schema;
  const less = schema.exclusiveMinimum === true ? 'greater than' : 'greater than or equal to';
  const more = schema.exclusiveMaximum === true ? 'less than' : 'less than or equal to';
  if (minimum !== undefined && (value < minimum || (schema.exclusiveMinimum === true && value === minimum))) {
    found.push(wrong.invalid(path, value, `${path} in body should be ${less} ${minimum}`));
  }
  if (maximum !== undefined && (value > maximum || (schema.exclusiveMaximum === true && value === maximum))) {
    found.push(wrong.invalid(path, value, `${path} in body should be ${more} ${maximum}`));
  }
  if (schema.multipleOf !== undefined && value % schema.multipleOf !== 0) {
    found.push(wrong.invalid(path, value, `${path} in body should be a multiple of ${schema.multipleOf}`));
  }
}

function checkList(list: readonly Json[], schema: Json, path: string, found: Cause[], before: Json): void {
  if (schema.maxItems !== undefined && list.length > schema.maxItems) {
    found.push(wrong.tooMany(path, list.length, schema.maxItems));
  }
  if (schema.minItems !== undefined && list.length < schema.minItems) {
    found.push(wrong.invalid(path, list.length, `${path} in body should have at least ${schema.minItems} items`));
  }
  for (const [index, item] of list.entries())
    check(item, schema.items, `${path}[${index}]`, found, counterpart(item, before, schema));
  const keys: readonly string[] | undefined =
    schema['x-kubernetes-list-type'] === 'map' ? schema['x-kubernetes-list-map-keys'] : undefined;
  if (keys === undefined && schema['x-kubernetes-list-type'] !== 'set') return;
  const seen = new Set<string>();
  for (const [index, item] of list.entries()) {
    const key = keys === undefined ? item : Object.fromEntries(keys.map((name) => [name, item?.[name]]));
    const text = JSON.stringify(key);
    if (seen.has(text)) found.push(wrong.duplicate(`${path}[${index}]`, key));
    seen.add(text);
  }
}

function checkMap(map: Record<string, Json>, schema: Json, path: string, found: Cause[], before: Json): void {
  const at = (key: string) => (path === '' ? key : `${path}.${key}`);
  for (const name of schema.required ?? []) if (!(name in map)) found.push(wrong.required(at(name)));
  const size = Object.keys(map).length;
  if (schema.maxProperties !== undefined && size > schema.maxProperties) {
    found.push(wrong.tooMany(path, size, schema.maxProperties));
  }
  if (schema.minProperties !== undefined && size < schema.minProperties) {
    found.push(wrong.invalid(path, size, `${path} in body should have at least ${schema.minProperties} properties`));
  }
  for (const key of Object.keys(map)) {
    const rest = isRecord(schema.additionalProperties) ? schema.additionalProperties : undefined;
    check(map[key], schema.properties?.[key] ?? rest, at(key), found, before?.[key]);
  }
}

function checkCombined(value: Json, schema: Json, path: string, found: Cause[]): void {
  for (const part of schema.allOf ?? []) check(value, part, path, found);
  if (schema['x-kubernetes-int-or-string'] === true) return;
  const fits = (part: Json) => violations(value, part, path).length === 0;
  if (schema.anyOf !== undefined && !schema.anyOf.some(fits)) {
    found.push(wrong.invalid(path, '', `${path} in body must validate at least one schema (anyOf)`));
  }
  if (schema.oneOf !== undefined && schema.oneOf.filter(fits).length !== 1) {
    found.push(
      wrong.invalid(path, '', `${path} in body must validate one and only one schema (oneOf). Found none valid`),
    );
  }
  if (schema.not !== undefined && fits(schema.not)) {
    found.push(wrong.invalid(path, '', `${path} in body must not validate the schema (not)`));
  }
}
