import type { Json } from '#kube/json';
import { equal, isRecord } from '../values.ts';
import { type Fields, isMember } from './set.ts';
import { element, type Shape } from './shape.ts';

/** What is there with what is applied laid over it; unchanged parts are shared with what is there. */
export function merge(live: Json, applied: Json, shape: Shape): Json {
  if (live === applied) return live;
  if (isRecord(live) && isRecord(applied) && !shape.atomic) return mergeMaps(live, applied, shape);
  if (Array.isArray(live) && Array.isArray(applied) && shape.list !== 'atomic') return mergeLists(live, applied, shape);
  return equal(live, applied) ? live : applied;
}

function mergeMaps(live: Record<string, Json>, applied: Record<string, Json>, shape: Shape): Json {
  let copy: Record<string, Json> | undefined;
  for (const key of Object.keys(applied)) {
    const merged = key in live ? merge(live[key], applied[key], shape.field(key)) : applied[key];
    if (merged === live[key] && key in live) continue;
    copy ??= { ...live };
    copy[key] = merged;
  }
  return copy ?? live;
}

/** Applied items in their order; items of others keep their place before the item that followed them. */
function mergeLists(live: readonly Json[], applied: readonly Json[], shape: Shape): Json {
  const theirs = new Map(live.map((item) => [element(item, shape), item]));
  const ours = new Set(applied.map((item) => element(item, shape)));
  const merged: Json[] = [];
  let at = 0;
  const passOthers = () => {
    for (; at < live.length && !ours.has(element(live[at], shape)); at++) merged.push(live[at]);
  };
  for (const item of applied) {
    passOthers();
    const name = element(item, shape);
    merged.push(theirs.has(name) ? merge(theirs.get(name), item, shape.item()) : item);
    if (at < live.length && theirs.has(name)) at++;
  }
  passOthers();
  for (; at < live.length; at++) if (!ours.has(element(live[at], shape))) merged.push(live[at]);
  return merged.length === live.length && merged.every((item, position) => item === live[position]) ? live : merged;
}

/** Takes out what nobody applies any more; containers that become empty by it go too. */
export function prune(value: Json, gone: Fields, kept: Fields | undefined, shape: Shape): Json {
  if (Array.isArray(value)) return pruneList(value, gone, kept, shape);
  if (!isRecord(value)) return value;
  let copy: Record<string, Json> | undefined;
  for (const [name, node] of Object.entries(gone)) {
    const key = name.slice(2);
    if (!name.startsWith('f:') || !(key in value)) continue;
    const left = leftOf(value[key], node, kept?.[name], shape.field(key));
    if (left === value[key]) continue;
    copy ??= { ...value };
    if (left === undefined) delete copy[key];
    else copy[key] = left;
  }
  return copy ?? value;
}

function pruneList(list: readonly Json[], gone: Fields, kept: Fields | undefined, shape: Shape): Json {
  const left: Json[] = [];
  for (const item of list) {
    const name = element(item, shape);
    const node = name === undefined ? undefined : gone[name];
    const rest = node === undefined || name === undefined ? item : leftOf(item, node, kept?.[name], shape.item());
    if (rest !== undefined) left.push(rest);
  }
  return left.length === list.length && left.every((item, index) => item === list[index]) ? list : left;
}

/** Undefined when nothing of the value is left. */
function leftOf(value: Json, gone: Fields, kept: Fields | undefined, shape: Shape): Json {
  if (isMember(gone) && kept === undefined) return undefined;
  const rest = prune(value, gone, kept, shape);
  if (rest === value || kept !== undefined) return rest;
  const empty = Array.isArray(rest) ? rest.length === 0 : isRecord(rest) && Object.keys(rest).length === 0;
  return empty ? undefined : rest;
}
