import type { Json } from '#kube/json';
import type { Scope } from '../cel/compile.ts';
import { CelFailure } from '../cel/functions.ts';
import type { Kind } from '../kinds.ts';
import type { Cause } from '../refusal.ts';
import { isRecord } from '../values.ts';
import { type Rule, rulesOf } from './compiled-rules.ts';

/** What an object breaks of the CEL rules of its schema. */
export function ruleCauses(kind: Kind, object: Json, before: Json, skipped: Set<string>): readonly Cause[] {
  if (kind.schema === undefined) return [];
  const found: Cause[] = [];
  check({ value: object, before, schema: kind.schema, path: '', group: kind.group, skipped }, found);
  return found;
}

interface Spot {
  readonly value: Json;
  readonly before: Json;
  readonly schema: Json;
  readonly path: string;
  readonly group: string;
  /** Where rules are noted that cannot be asked. */
  readonly skipped: Set<string>;
}

function check(spot: Spot, found: Cause[]): void {
  const { value, before, schema, path } = spot;
  if (value === undefined || value === null || !isRecord(schema)) return;
  const { rules, skipped } = rulesOf(schema, spot.group);
  for (const rule of rules) apply(rule, spot, found);
  for (const source of skipped) spot.skipped.add(source);
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      check(
        {
          ...spot,
          value: item,
          before: counterpart(item, before, schema),
          schema: schema['items'],
          path: `${path}[${index}]`,
        },
        found,
      );
    }
  } else if (isRecord(value)) {
    for (const key of Object.keys(value)) {
      const inner = schema['properties']?.[key] ?? schema['additionalProperties'];
      const at = path === '' ? key : `${path}.${key}`;
      check({ ...spot, value: value[key], before: before?.[key], schema: inner, path: at }, found);
    }
  }
}

/** The item of the old list that a transition rule compares with: only keyed lists have one. */
function counterpart(item: Json, before: Json, schema: Json): Json {
  const keys: readonly string[] = schema['x-kubernetes-list-map-keys'] ?? [];
  if (!Array.isArray(before) || keys.length === 0) return undefined;
  return before.find((one) => keys.every((key) => one?.[key] === item?.[key]));
}

function apply(rule: Rule, { value, before, path }: Spot, found: Cause[]): void {
  if (rule.seesOld && before === undefined && !rule.optionalOld) return;
  const scope: Scope = { self: value, ...(rule.seesOld ? { oldSelf: before } : {}) };
  const holds = rule.holds(scope);
  if (holds === true) return;
  const detail = holds === false ? message(rule, scope) : `rule evaluation error: ${holds}`;
  const field = rule.fieldPath === undefined ? path : `${path}${rule.fieldPath}`;
  found.push({
    reason: rule.reason,
    message: `Invalid value: ${JSON.stringify(shown(value))}: ${detail}`,
    field: field === '' ? '<nil>' : field,
  });
}

function shown(value: Json): Json {
  if (Array.isArray(value)) return 'array';
  return isRecord(value) ? 'object' : value;
}

function message(rule: Rule, scope: Scope): string {
  try {
    return String(rule.message(scope));
  } catch (error) {
    if (error instanceof CelFailure) return `failed rule: ${rule.source}`;
    throw error;
  }
}
