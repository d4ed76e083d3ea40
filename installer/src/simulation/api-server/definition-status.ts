import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';

interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

const accepted: Condition = {
  type: 'NamesAccepted',
  status: 'True',
  reason: 'NoConflicts',
  message: 'no conflicts found',
};
const notAll: Condition = {
  type: 'Established',
  status: 'False',
  reason: 'NotAccepted',
  message: 'not all names are accepted',
};
const initial = { type: 'Established', message: 'the initial names have been accepted' } as const;
const installing: Condition = { ...initial, status: 'False', reason: 'Installing' };
const established: Condition = { ...initial, status: 'True', reason: 'InitialNamesAccepted' };
const terminating: Condition = {
  type: 'Terminating',
  status: 'True',
  reason: 'InstanceDeletionInProgress',
  message: 'CustomResource deletion is in progress',
};

/** What a definition says of itself before anybody has looked at it. */
export function initialStatus(spec: Json): Json {
  const storage = spec?.versions?.find((version: Json) => version.storage)?.name;
  return {
    conditions: null,
    acceptedNames: { kind: '', plural: '' },
    storedVersions: storage === undefined ? null : [storage],
  };
}

/** After its names were compared with those of the others in its group. */
export function named(definition: Json, others: readonly KubeObject[], now: string): Json {
  const { group, names } = definition.spec;
  const taken = others.some(
    ({ metadata, spec, status }) =>
      metadata.name !== definition.metadata.name &&
      spec.group === group &&
      status?.acceptedNames?.listKind === names.listKind,
  );
  if (!taken) {
    const next = isEstablished(definition) ? [accepted] : [accepted, installing];
    return withConditions(definition, next, now, { acceptedNames: names });
  }
  const message = `"${names.listKind}" is already in use`;
  const refused: Condition = { ...accepted, status: 'False', reason: 'ListKindConflict', message };
  const acceptedNames = { kind: '', plural: names.plural };
  return withConditions(definition, isEstablished(definition) ? [refused] : [refused, notAll], now, { acceptedNames });
}

/** Once it is served. */
export function settled(definition: Json, now: string): Json {
  return withConditions(definition, [established], now, {});
}

/** While its objects are being deleted. */
export function ending(definition: Json, now: string): Json {
  return withConditions(definition, [terminating], now, {});
}

/** Which versions anything may be stored in. */
export function storedIn(definition: Json): Json {
  const [storage] = initialStatus(definition.spec).storedVersions ?? [];
  const versions: readonly string[] = definition.status?.storedVersions ?? [];
  return { ...definition, status: { ...definition.status, storedVersions: [...new Set([...versions, storage])] } };
}

function withConditions(definition: Json, next: readonly Condition[], now: string, more: object): Json {
  const before: readonly Json[] = definition.status?.conditions ?? [];
  const merged = new Map(before.map((one) => [one.type, one]));
  for (const one of next) {
    const old = merged.get(one.type);
    const same = old?.status === one.status && old.reason === one.reason && old.message === one.message;
    if (!same) merged.set(one.type, { ...one, lastTransitionTime: now });
  }
  return { ...definition, status: { ...definition.status, ...more, conditions: [...merged.values()] } };
}

export function isEstablished(object: Json): boolean {
  return (object.status?.conditions ?? []).some((one: Json) => one.type === 'Established' && one.status === 'True');
}

export function hasNames(object: Json): boolean {
  return (object.status?.conditions ?? []).some((one: Json) => one.type === 'NamesAccepted' && one.status === 'True');
}
