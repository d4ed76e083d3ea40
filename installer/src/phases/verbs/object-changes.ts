import type { Change } from '#engine/step';
import type { Json } from '#kube/json';
import type { KubeObject } from '#ports/cluster';
import { nameOf } from './object-name.ts';
import { textChange } from './text-change.ts';

/** Fields that the server writes: they differ without anybody having changed anything. */
const ofServer = ['managedFields', 'resourceVersion', 'generation', 'creationTimestamp', 'uid', 'selfLink'];
/** A counter that the server keeps among the annotations of a DaemonSet. */
const counted = 'deprecated.daemonset.template.generation';
const shown = 5;

export interface Difference {
  readonly path: string;
  readonly from: Json;
  readonly to: Json;
}

/** What server-side apply would change in an object, field by field; the first few, and how many more. */
export function objectChanges(live: KubeObject, wanted: KubeObject): readonly Change[] {
  return differencesShown(`update ${nameOf(wanted)}`, objectDifferences(live, wanted), wanted.kind);
}

/** Differences as changes: the first few, and how many more. What a Secret holds is not shown. */
export function differencesShown(what: string, all: readonly Difference[], kind: string): readonly Change[] {
  const changes: Change[] = all.slice(0, shown).map(({ path, from, to }) => {
    const isSecret = kind === 'Secret' && /^(data|stringData)\b/.test(path);
    return isSecret
      ? { what: `${what} ${path}`, to: 'another value, not shown' }
      : fieldChange(`${what} ${path}`, from, to);
  });
  if (all.length > shown) changes.push({ what: `${what}: ${all.length - shown} more fields` });
  return changes;
}

/** Every field in which two states of an object differ, but for those that the server writes. */
export function objectDifferences(live: KubeObject, wanted: KubeObject): readonly Difference[] {
  return [...differences(cleaned(live), cleaned(wanted), '')];
}

function fieldChange(what: string, from: Json, to: Json): Change {
  const isText = typeof from === 'string' && typeof to === 'string' && `${from}${to}`.includes('\n');
  return isText ? textChange(what, from, to) : { what, ...told('from', from), ...told('to', to) };
}

function cleaned(whole: KubeObject): Json {
  const { status: _status, ...object } = whole;
  const kept = Object.fromEntries(Object.entries(object.metadata ?? {}).filter(([key]) => !ofServer.includes(key)));
  const { annotations = {}, ...metadata }: Json = kept;
  const { [counted]: _count, ...others } = annotations;
  return { ...object, metadata: Object.keys(others).length === 0 ? metadata : { ...metadata, annotations: others } };
}

function* differences(from: Json, to: Json, path: string): Generator<Difference> {
  if (Object.is(from, to)) return;
  if (!isBranch(from) || !isBranch(to) || Array.isArray(from) !== Array.isArray(to)) {
    yield { path, from, to };
    return;
  }
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)]))
    yield* differences(from[key], to[key], step(path, key, Array.isArray(to)));
}

function step(path: string, key: string, isIndex: boolean): string {
  if (isIndex) return `${path}[${key}]`;
  if (!/^[A-Za-z0-9_-]+$/.test(key)) return `${path}['${key}']`;
  return path === '' ? key : `${path}.${key}`;
}

function isBranch(value: Json): boolean {
  return typeof value === 'object' && value !== null;
}

function told(side: 'from' | 'to', value: Json): Partial<Record<'from' | 'to', string>> {
  if (value === undefined) return {};
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { [side]: text.length <= 80 ? text : `${text.slice(0, 79)}…` };
}
