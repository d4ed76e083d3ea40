import type { Json } from '#kube/json';
import { CelFailure } from '../cel/cel-failure.ts';
import type { Scope } from '../cel/compile.ts';
import { Optional } from '../cel/optional.ts';
import type { Kind } from '../kinds.ts';
import type { Cause } from '../refusal.ts';
import { equal, isRecord } from '../values.ts';
import { wrong } from '../wrong.ts';
import { type Rule, rulesOf } from './compiled-rules.ts';
import { counterpart } from './counterpart.ts';

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
      const below = schema['properties']?.[key] === undefined ? `${path}[${key}]` : `${path}.${key}`;
      check(
        { ...spot, value: value[key], before: before?.[key], schema: inner, path: path === '' ? key : below },
        found,
      );
    }
  }
}

function apply(rule: Rule, { value, before, path }: Spot, found: Cause[]): void {
  if (rule.seesOld && before === undefined && !rule.optionalOld) return;
  const oldSelf = rule.optionalOld ? new Optional(before) : before;
  const scope: Scope = { self: value, ...(rule.seesOld ? { oldSelf } : {}) };
  const holds = rule.holds(scope);
  if (holds === true || isOldMistake(rule, value, before, path)) return;
  const at = `${path}${rule.fieldPath ?? ''}`.replace(/^\./, '');
  const field = at === '' ? '<nil>' : at;
  found.push(holds === false ? broken(rule, field, value, message(rule, scope)) : failed(rule, field, value, holds));
}

/** What was wrong before and is not touched is let be, except by rules that compare. The whole object always differs. */
function isOldMistake({ seesOld }: Rule, value: Json, before: Json, path: string): boolean {
  return !seesOld && path !== '' && before !== undefined && equal(value, before);
}

/** A rule that does not hold; maps and lists are not shown. */
function broken({ reason }: Rule, field: string, value: Json, detail: string): Cause {
  if (reason === 'FieldValueForbidden') return wrong.forbidden(field, detail);
  if (reason === 'FieldValueRequired') return wrong.required(field, detail);
  if (reason === 'FieldValueDuplicate') return wrong.duplicate(field, value);
  if (typeof value !== 'object') return wrong.invalid(field, value, detail);
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${detail}`, field };
}

/** A rule that could not be asked to the end. */
function failed({ source, stated }: Rule, field: string, value: Json, why: string): Cause {
  const shown = Array.isArray(value) ? 'array' : isRecord(value) ? 'object' : value;
  return wrong.invalid(field, shown, `${why} evaluating rule: ${stated ?? source}`);
}

/** Whether anything in a schema has rules. */
export function hasRules(schema: Json): boolean {
  if (!isRecord(schema)) return false;
  if (schema['x-kubernetes-validations'] !== undefined) return true;
  const inner = [schema['items'], schema['additionalProperties'], ...Object.values(schema['properties'] ?? {})];
  return inner.some(hasRules);
}

function message(rule: Rule, scope: Scope): string {
  try {
    return String(rule.message(scope));
  } catch (error) {
    if (error instanceof CelFailure) return `failed rule: ${rule.source}`;
    throw error;
  }
}
