import type { Json } from '#kube/json';
import { isRecord } from '../values.ts';
import { element, type Shape, spokenKey } from './shape.ts';

/** A value that its type does not allow. */
export interface Mismatch {
  /** `.spec.containers[name="web"].args[0]` */
  readonly path: string;
  readonly problem: string;
  readonly value: Json;
}

/** What a configuration says that the types of its kind do not allow, in the order of the paths. */
export function mismatches(value: Json, shape: Shape): readonly Mismatch[] {
  const found: Mismatch[] = [];
  check(value, shape, '', found);
  return found.toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

/** All of them in one message. */
export function told(found: readonly Mismatch[]): string {
  const lines = found.map(({ path, problem }) => `${path}: ${problem}`);
  return lines.length === 1 ? (lines[0] ?? '') : `errors:\n  ${lines.join('\n  ')}`;
}

function check(value: Json, shape: Shape, path: string, found: Mismatch[]): void {
  if (value === null || value === undefined) return;
  const problem = wrongType(value, shape.type);
  if (problem !== undefined) found.push({ path, problem, value });
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const name = shape.list === 'atomic' ? undefined : element(item, shape);
      check(item, shape.item(), `${path}${name === undefined ? `[${index}]` : spokenKey(name)}`, found);
    }
  } else if (isRecord(value)) {
    for (const [key, field] of Object.entries(value)) {
      const at = `${path}.${key}`;
      if (shape.declares?.(key) === false)
        found.push({ path: at, problem: 'field not declared in schema', value: field });
      else check(field, shape.field(key), at, found);
    }
  }
}

/** In the words of Go, whose types are meant. */
function wrongType(value: Json, type: Shape['type']): string | undefined {
  const text = isRecord(value) ? 'map[]' : Array.isArray(value) ? '[]' : String(value);
  const is = Array.isArray(value) ? 'list' : isRecord(value) ? 'map' : typeof value;
  if (type === 'string' && is !== 'string')
    return `expected string, got &value.valueUnstructured{Value:${isRecord(value) ? 'map[string]interface {}{}' : text}}`;
  if (type === 'numeric' && is !== 'number')
    return `expected numeric (int or float), got ${is === 'boolean' ? 'bool' : is}`;
  if (type === 'boolean' && is !== 'boolean') return `expected boolean, got &{${text}}`;
  if ((type === 'list' || type === 'map') && is !== type) return `expected ${type}, got &{${text}}`;
  return undefined;
}
