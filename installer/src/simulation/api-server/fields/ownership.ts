import type { Json } from '#kube/json';
import { equal, isRecord } from '../values.ts';
import { compare } from './compare.ts';
import { fieldsOf } from './fields-of.ts';
import { merge, prune } from './merge.ts';
import { difference, type Fields, intersection, isEmpty, nothing, paths, union } from './set.ts';
import type { Shape } from './shape.ts';

/** One entry of `metadata.managedFields`. */
export interface Owner {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: Fields;
  readonly subresource?: string;
}

export interface Writer {
  readonly manager: string;
  readonly apiVersion: string;
  readonly subresource?: string;
  readonly time: string;
  /** Top-level fields that this endpoint does not write. */
  readonly ignores: (field: string) => boolean;
}

export interface Conflict {
  readonly owner: Owner;
  readonly path: string;
}

const unowned = [
  'f:name',
  'f:namespace',
  'f:creationTimestamp',
  'f:uid',
  'f:generation',
  'f:managedFields',
  'f:resourceVersion',
  'f:selfLink',
  'f:deletionTimestamp',
  'f:deletionGracePeriodSeconds',
];

/** The fields without those that the API server itself keeps, and without what this endpoint does not write. */
function own(fields: Fields, writer: Writer): Fields {
  const kept: Record<string, Fields> = {};
  for (const [element, node] of Object.entries(fields)) {
    const name = element.slice(2);
    if (name === 'apiVersion' || name === 'kind' || writer.ignores(name)) continue;
    if (name !== 'metadata') kept[element] = node;
    else {
      const inner = Object.fromEntries(
        Object.entries(node).filter(([field]) => !unowned.includes(field) && field !== '.'),
      );
      if (!isEmpty(inner)) kept[element] = inner;
    }
  }
  return kept;
}

function isSame(owner: Owner, writer: Writer, operation: Owner['operation']): boolean {
  return (
    owner.manager === writer.manager &&
    owner.operation === operation &&
    owner.subresource === writer.subresource &&
    (operation === 'Apply' || owner.apiVersion === writer.apiVersion)
  );
}

function entry(writer: Writer, operation: Owner['operation'], fieldsV1: Fields): Owner {
  return {
    manager: writer.manager,
    operation,
    apiVersion: writer.apiVersion,
    time: writer.time,
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...(writer.subresource === undefined ? {} : { subresource: writer.subresource }),
  };
}

function narrowed(owners: readonly Owner[], lost: Fields): readonly Owner[] {
  const left: Owner[] = [];
  for (const owner of owners) {
    const fieldsV1 = difference(owner.fieldsV1, lost);
    if (isEmpty(fieldsV1)) continue;
    left.push(equal(fieldsV1, owner.fieldsV1) ? owner : { ...owner, fieldsV1 });
  }
  return left;
}

/** Who owns what after a create, update or patch. */
export function afterUpdate(
  owners: readonly Owner[],
  before: Json,
  after: Json,
  shape: Shape,
  writer: Writer,
): readonly Owner[] {
  const difference_ = compare(before, after, shape);
  const touched = own(union(difference_.added, difference_.modified), writer);
  const removed = own(difference_.removed, writer);
  if (isEmpty(touched) && isEmpty(removed)) return owners;
  const mine = owners.find((owner) => isSame(owner, writer, 'Update'));
  const others = narrowed(
    owners.filter((owner) => owner !== mine),
    union(touched, removed),
  );
  const fieldsV1 = difference(union(mine?.fieldsV1 ?? nothing, touched), removed);
  if (isEmpty(fieldsV1)) return others;
  const next = mine !== undefined && equal(mine.fieldsV1, fieldsV1) ? mine : entry(writer, 'Update', fieldsV1);
  return sorted([...others, next]);
}

/** The order in which the API server keeps entries: what was applied first, then by time and name. */
function sorted(owners: readonly Owner[]): readonly Owner[] {
  const key = ({ operation, time, manager, apiVersion, subresource = '' }: Owner) =>
    [operation, time, manager, apiVersion, subresource].join('\0');
  return owners.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
}

export interface Applied {
  readonly object: Json;
  readonly owners: readonly Owner[];
  readonly conflicts: readonly Conflict[];
}

/** Lays a configuration over what is there as server-side apply does. */
export function applied(
  owners: readonly Owner[],
  live: Json,
  configuration: Json,
  shape: Shape,
  writer: Writer,
): Applied {
  const stated = own(fieldsOf(configuration, shape), writer);
  const mine = owners.find((owner) => isSame(owner, writer, 'Apply'));
  const rest = owners.filter((owner) => owner !== mine);
  const theirs = rest.reduce<Fields>((all, owner) => union(all, owner.fieldsV1), nothing);
  const kept = union(stated, theirs);
  const gone = difference(mine?.fieldsV1 ?? nothing, kept);
  const merged = merge(live ?? {}, visible(configuration, writer), shape);
  const object = isEmpty(gone) ? merged : prune(merged, gone, kept, shape);
  const changes = compare(live ?? {}, object, shape);
  const touched = own(union(changes.added, changes.modified), writer);
  const conflicts = rest.flatMap((owner) =>
    paths(intersection(owner.fieldsV1, touched)).map((path) => ({ owner, path })),
  );
  const others = narrowed(rest, union(touched, own(changes.removed, writer)));
  if (isEmpty(stated)) return { object, owners: others, conflicts };
  const next = mine !== undefined && equal(mine.fieldsV1, stated) ? mine : entry(writer, 'Apply', stated);
  return { object, owners: sorted([...others, next]), conflicts };
}

function visible(configuration: Json, writer: Writer): Json {
  if (!isRecord(configuration)) return configuration;
  return Object.fromEntries(Object.entries(configuration).filter(([field]) => !writer.ignores(field)));
}
