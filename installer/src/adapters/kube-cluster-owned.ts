import type { Json } from '#kube/json';
import { sameQuantity } from '#kube/quantity';
import type { KubeObject } from '#ports/cluster';
import { itemsOf } from './kube-cluster-owned-items.ts';

/** A set of fields as `metadata.managedFields` writes it: `{"f:spec": {"f:replicas": {}}}`; `.` is the node itself. */
export type OwnedFields = { readonly [element: string]: OwnedFields };

export interface Ownership {
  /** The field manager that applies. */
  readonly manager: string;
  /** Whether the status of this kind has an endpoint of its own, so that what a manifest says of it is ignored. */
  readonly ignoresStatus: boolean;
}

/** Fields of `metadata` that nobody owns. */
const unowned = new Set(['name', 'namespace', 'creationTimestamp', 'generation', 'resourceVersion', 'selfLink', 'uid']);
/** Maps whose values are quantities: the server writes `1000m` as `1`. */
const ofQuantities = new Set(['requests', 'limits', 'capacity', 'hard', 'overhead']);
/** Structures that are merged field by field and get defaults: an empty one states nothing. */
const filledUp = new Set(['strategy', 'updateStrategy']);
/** What the server fills into values that are owned as a whole, by the field that they stand in. */
const filledIn: Readonly<Record<string, Readonly<Record<string, Json>>>> = {
  fieldRef: { apiVersion: 'v1' },
  resourceFieldRef: { divisor: '0' },
  serviceAccountToken: { expirationSeconds: 3600 },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io' },
  subjects: { apiGroup: 'rbac.authorization.k8s.io' },
  rules: { scope: '*' },
  ports: { protocol: 'TCP' },
};

/**
 * Whether server-side apply of `wanted` would change nothing, by the books alone: the manager owns exactly the fields
 * that `wanted` states, and all of them have the wanted value. False means "not sure" just as well as "no".
 */
export function isApplied(live: KubeObject, wanted: KubeObject, { manager, ignoresStatus }: Ownership): boolean {
  const entries = (live.metadata.managedFields ?? []) as readonly Json[];
  const mine = entries.filter(
    (entry) => entry.manager === manager && entry.operation === 'Apply' && !entry.subresource,
  );
  const [entry] = mine;
  const { apiVersion: _version, kind: _kind, metadata, status, ...rest } = wanted;
  const stated = Object.fromEntries(Object.entries(metadata).filter(([field]) => !unowned.has(field)));
  const whole = {
    ...rest,
    ...(Object.keys(stated).length === 0 ? {} : { metadata: stated }),
    ...(ignoresStatus || status === undefined ? {} : { status }),
  };
  if (entry === undefined || mine.length > 1 || entry.apiVersion !== wanted.apiVersion) return false;
  return holds(entry.fieldsV1, whole, live, '');
}

/** Whether these fields are owned exactly as `wanted` states them, and have its values in `live`. */
function holds(fields: OwnedFields, wanted: Json, live: Json, name: string): boolean {
  if (isLeaf(fields)) return sameValue(wanted, live, name);
  if (Array.isArray(wanted)) return holdsItems(fields, wanted, live);
  return isRecord(wanted) && isRecord(live) && holdsFields(fields, wanted, live, name);
}

function holdsFields(fields: OwnedFields, wanted: Json, live: Json, name: string): boolean {
  const stated = Object.keys(wanted).filter((key) => !isNothing(wanted[key], live[key], fields[`f:${key}`]));
  const owned = Object.keys(fields).filter((element) => element !== '.');
  if (owned.length !== stated.length) return false;
  return stated.every((key) => {
    const child = fields[`f:${key}`];
    if (child === undefined) return false;
    return holds(child, wanted[key], live[key], ofQuantities.has(name) ? `quantity ${key}` : key);
  });
}

/** What states nothing: a null where nothing is, and an empty list that nobody owns as a whole. */
function isNothing(wanted: Json, live: Json, owned: OwnedFields | undefined): boolean {
  const isAbsent = live === undefined || live === null;
  if (wanted === null) return isAbsent && owned === undefined;
  const isEmptyList = Array.isArray(wanted) && wanted.length === 0;
  return isEmptyList && owned === undefined && (isAbsent || live.length === 0);
}

function holdsItems(fields: OwnedFields, wanted: readonly Json[], live: Json): boolean {
  if (!Array.isArray(live)) return false;
  const found = itemsOf(fields, wanted, live);
  return found?.every(({ owned, wanted: item, live: there }) => holds(owned, item, there, '')) ?? false;
}

function sameValue(wanted: Json, live: Json, name: string): boolean {
  if (name.startsWith('quantity ')) return sameQuantity(wanted, live);
  // A zero value that we own and that is not there was left out when it was stored, as many are.
  if (live === undefined || live === null) return isZero(wanted);
  if (filledUp.has(name) && isRecord(wanted) && Object.keys(wanted).length === 0) return isRecord(live);
  if (Object.is(wanted, live)) return true;
  if (Array.isArray(wanted) !== Array.isArray(live)) return false;
  if (!isBranch(wanted) || !isBranch(live)) return false;
  const isList = Array.isArray(wanted);
  if (isList && wanted.length !== live.length) return false;
  const defaults = filledIn[name] ?? {};
  return Object.keys({ ...wanted, ...live }).every((key) => {
    const isDefault = !isList && wanted[key] === undefined && live[key] === defaults[key];
    // The items of a list stand in the field that the list stands in.
    return isDefault || sameValue(wanted[key], live[key], isList ? name : key);
  });
}

function isZero(value: Json): boolean {
  if (isBranch(value)) return Object.keys(value).length === 0;
  return value === null || value === undefined || value === false || value === 0 || value === '';
}

function isLeaf(fields: OwnedFields): boolean {
  const elements = Object.keys(fields);
  return elements.length === 0 || (elements.length === 1 && elements[0] === '.');
}

function isBranch(value: Json): boolean {
  return typeof value === 'object' && value !== null;
}

function isRecord(value: Json): boolean {
  return isBranch(value) && !Array.isArray(value);
}
