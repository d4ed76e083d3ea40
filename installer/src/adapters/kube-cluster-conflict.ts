import type { Json } from '#kube/json';
import type { StatusCause, StatusError } from '#kube/status-error';
import type { KubeObject } from '#ports/cluster';
import { patchTo, stepsTo, valueAt } from './kube-cluster-path.ts';

/** What a conflict is about: the object as wanted, and as it was read before. */
export interface Contested {
  readonly object?: KubeObject;
  readonly live?: KubeObject;
}

export interface ConflictStory {
  /** `.spec.replicas belongs to “kubectl”`. */
  readonly said: string;
  /** One line a field: what it has, who set it when, what is wanted. */
  readonly evidence: readonly string[];
  /** A merge patch, as JSON, that gives the fields the wanted values; undefined where none can. */
  readonly patch: string | undefined;
  /** `“kubectl” and “argocd”`. */
  readonly owners: string;
}

const longestPatch = 160;
const longestValue = 60;

/** The causes of a refused apply that name the fields of others; empty when it was refused for another reason. */
export function contestedFields({ code, causes }: StatusError): readonly StatusCause[] {
  return code === 409 ? causes.filter(({ reason }) => reason === 'FieldManagerConflict') : [];
}

/** Who owns which field, since when, what it has and what is wanted. */
export function conflictStory(causes: readonly StatusCause[], { object, live }: Contested): ConflictStory {
  const owners = [...new Set(causes.map(ownerOf))].map((owner) => `“${owner}”`).join(' and ');
  const fields = causes.map(({ field = '' }) => field);
  const [first = ''] = fields;
  const said =
    fields.length === 1
      ? `${first} belongs to ${owners}`
      : `${fields.length} fields, ${first} among them, belong to ${owners}`;
  const evidence = causes.map((cause) => evidenceOf(cause, { ...(object && { object }), ...(live && { live }) }));
  return { said, evidence, patch: patchFor(fields, object), owners };
}

function ownerOf({ message = '' }: StatusCause): string {
  return /conflict with "([^"]+)"/.exec(message)?.[1] ?? message;
}

function evidenceOf(cause: StatusCause, { object, live }: Contested): string {
  const { field = '' } = cause;
  const owner = ownerOf(cause);
  const steps = stepsTo(field, object);
  if (object === undefined || live === undefined || steps === undefined) return `${field} belongs to “${owner}”`;
  const secret = object.kind === 'Secret';
  const [has, wanted] = [valueAt(live, steps), valueAt(object, steps)].map((value) => shown(value, secret));
  return `${field} is ${has}, set by “${owner}”${when(owner, live)}; wanted is ${wanted}`;
}

function shown(value: Json, isSecret: boolean): string {
  if (isSecret) return '(not shown)';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= longestValue ? text : `${text.slice(0, longestValue - 1)}…`;
}

/** ` (Update, 2026-11-21 06:00 UTC)`, from the books of the object. */
function when(owner: string, { metadata }: KubeObject): string {
  const entries = (metadata.managedFields ?? []) as readonly Json[];
  const [last] = entries
    .filter(({ manager }) => manager === owner)
    .toSorted((one, other) => (String(one.time) < String(other.time) ? 1 : -1));
  if (last === undefined) return '';
  const below = last.subresource ? ` of ${last.subresource}` : '';
  const time = typeof last.time === 'string' ? `, ${last.time.slice(0, 16).replace('T', ' ')} UTC` : '';
  return ` (${last.operation}${below}${time})`;
}

function patchFor(fields: readonly string[], object: KubeObject | undefined): string | undefined {
  if (object === undefined || object.kind === 'Secret') return undefined;
  let patch: Json = {};
  for (const field of fields) {
    const steps = stepsTo(field, object);
    const part: Json = steps === undefined ? undefined : patchTo(steps, valueAt(object, steps));
    if (part === undefined) return undefined;
    patch = merged(patch, part);
  }
  const text = JSON.stringify(patch);
  return text.length <= longestPatch && !text.includes("'") ? text : undefined;
}

function merged(one: Json, other: Json): Json {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return other;
  const all = { ...one };
  for (const [key, value] of Object.entries(other)) all[key] = key in all ? merged(all[key], value) : value;
  return all;
}
