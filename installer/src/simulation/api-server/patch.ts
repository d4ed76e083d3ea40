import type { Json } from '#kube/json';
import { element, type Shape } from './fields/shape.ts';
import { refuse } from './refusal.ts';
import { equal, frozen, isRecord } from './values.ts';

/** RFC 7386: null removes. */
export function mergePatch(value: Json, patch: Json): Json {
  if (!isRecord(patch)) return frozen(patch);
  const copy: Record<string, Json> = isRecord(value) ? { ...value } : {};
  for (const [key, part] of Object.entries(patch)) {
    if (part === null) delete copy[key];
    else if (part !== undefined) copy[key] = mergePatch(copy[key], part);
  }
  return copy;
}

/** The merge of kubectl for built-in kinds: keyed lists are merged by item, `$patch: delete` removes one. */
export function strategicPatch(value: Json, patch: Json, shape: Shape): Json {
  if (Array.isArray(patch) && shape.list !== 'atomic')
    return strategicList(Array.isArray(value) ? value : [], patch, shape);
  if (!isRecord(patch)) return frozen(patch);
  if (patch['$patch'] === 'replace')
    return frozen(Object.fromEntries(Object.entries(patch).filter(([key]) => key !== '$patch')));
  const copy: Record<string, Json> = isRecord(value) ? { ...value } : {};
  for (const [key, part] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    if (part === null) delete copy[key];
    else copy[key] = strategicPatch(copy[key], part, shape.field(key));
  }
  return copy;
}

function strategicList(value: readonly Json[], patch: readonly Json[], shape: Shape): Json {
  const merged = new Map(value.map((item) => [element(item, shape), item]));
  for (const item of patch) {
    const name = element(item, shape);
    if (item?.['$patch'] === 'delete') merged.delete(name);
    else merged.set(name, shape.list === 'set' ? item : strategicPatch(merged.get(name), item, shape.item()));
  }
  return [...merged.values()];
}

/** RFC 6902. */
export function jsonPatch(value: Json, operations: Json): Json {
  if (!Array.isArray(operations)) {
    throw refuse.badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  }
  // A mutable copy, so that each operation can edit in place.
  const box: Json = { root: structuredClone(value) };
  for (const operation of operations) step(box, operation);
  return box.root;
}

function step(box: Json, operation: Json): void {
  const { op, path, from, value } = operation;
  const read = (pointer: string) => steps(pointer).reduce<Json>((at, key) => at?.[key], box.root);
  if (op === 'test') {
    if (!equal(read(path), value)) throw refuse.invalidPatch();
    return;
  }
  if (op === 'move' || op === 'copy') {
    const moved = structuredClone(read(from));
    if (moved === undefined) throw refuse.invalidPatch();
    if (op === 'move') edit(box, from, 'remove', undefined);
    edit(box, path, 'add', moved);
    return;
  }
  if (op !== 'add' && op !== 'remove' && op !== 'replace') throw refuse.invalidPatch();
  edit(box, path, op, structuredClone(value));
}

function edit(box: Json, pointer: string, op: 'add' | 'remove' | 'replace', value: Json): void {
  const keys = ['root', ...steps(pointer)];
  const last = keys.pop() ?? 'root';
  const parent = keys.reduce<Json>((at, key) => at?.[key], box);
  if (parent === null || typeof parent !== 'object') throw refuse.invalidPatch();
  const isList = Array.isArray(parent);
  // Replacing what is not there adds it, on the real server too.
  if (op === 'remove' && !(last in parent)) throw refuse.invalidPatch();
  if (op === 'remove') {
    if (isList) parent.splice(Number(last), 1);
    else delete parent[last];
  } else if (isList && op === 'add') parent.splice(last === '-' ? parent.length : Number(last), 0, value);
  else parent[last] = value;
}

function steps(pointer: string): string[] {
  return pointer === ''
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
