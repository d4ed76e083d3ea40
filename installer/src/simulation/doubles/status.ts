import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Stage } from './double.ts';
import { pathOf } from './kube-path.ts';

/** Writes a status unless it is so already; `null` takes a field away. */
export async function writeStatus(stage: Stage, object: KubeObject, status: Json): Promise<void> {
  const before = object['status'] ?? {};
  const changed = Object.keys(status).some((key) => !same(before[key], status[key]));
  if (changed) await stage.api.patchStatus(pathOf(object), status);
}

/** Equal as JSON: the order of keys does not count, `null` and a missing field are alike. */
function same(before: Json, after: Json): boolean {
  const [one, other] = [before ?? null, after ?? null];
  if (one === other) return true;
  if (one === null || other === null || typeof one !== 'object' || typeof other !== 'object') return false;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Array.isArray(one) === Array.isArray(other) && [...keys].every((key) => same(one[key], other[key]));
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly [more: string]: unknown;
}

/** Conditions now: each keeps its transition time while its status is the same; those of others stay. */
export function withConditions(before: readonly Json[] = [], now: string, conditions: readonly Condition[]): Json[] {
  const others = before.filter((old) => !conditions.some((one) => one.type === old.type));
  const own = conditions.map((one) => {
    const old = before.find((other) => other.type === one.type);
    return { ...one, lastTransitionTime: old?.status === one.status ? old.lastTransitionTime : now };
  });
  return [...others, ...own];
}

export function conditionOf(object: KubeObject | undefined, type: string): Json {
  return (object?.['status']?.conditions ?? []).find((one: Json) => one.type === type);
}

export function isTrue(object: KubeObject | undefined, type: string): boolean {
  return conditionOf(object, type)?.status === 'True';
}
