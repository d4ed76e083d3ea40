import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Response } from '#kube/transport';
import { isLoose, versioned } from './commit.ts';
import { type Core, stored, timestamp, viewed } from './core.ts';
import type { Kind } from './kinds.ts';
import { refuse } from './refusal.ts';
import { keyOf } from './store.ts';
import { frozen } from './values.ts';

export type Propagation = 'Foreground' | 'Background' | 'Orphan';

export interface Removal {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly propagation?: Propagation;
  readonly grace?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun: boolean;
}

/** Deletes an object, or marks it when somebody has to finish first. */
export async function remove(core: Core, removal: Removal): Promise<Response> {
  const { kind, namespace, name, dryRun } = removal;
  const asked = live(core, removal);
  check(removal, asked);
  const review = { kind, operation: 'DELETE', dryRun, object: null, oldObject: viewed(asked, kind) } as const;
  await core.admission.mutate(review);
  await core.admission.validate(review);
  const object = live(core, removal);
  if (dryRun) return done(kind, object);
  const marked = mark(core, removal, object);
  const key = keyOf(namespace, name);
  if (isLoose(kind, marked)) {
    core.store.remove(kind.stored, key, (version) => versioned(marked, version));
    return done(kind, object);
  }
  const unchanged = object.metadata.deletionTimestamp !== undefined && sameMark(object, marked);
  const left = unchanged ? object : core.store.put(kind.stored, key, (version) => versioned(marked, version));
  return { status: 200, body: viewed(left, kind) };
}

function live(core: Core, { kind, namespace, name }: Removal): KubeObject {
  const found = stored(core, kind, namespace, name);
  if (found === undefined) throw refuse.notFound(kind, name);
  return found;
}

function check({ kind, name, preconditions }: Removal, object: KubeObject): void {
  const { uid, resourceVersion } = preconditions ?? {};
  if (uid !== undefined && uid !== object.metadata.uid) {
    throw refuse.conflict(
      kind,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${object.metadata.uid}`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== object.metadata.resourceVersion) {
    const why = `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${object.metadata.resourceVersion}`;
    throw refuse.conflict(kind, name, why);
  }
}

function done(kind: Kind, object: KubeObject): Response {
  const { name, uid } = object.metadata;
  const group = kind.group === '' ? {} : { group: kind.group };
  const body = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...group, kind: kind.plural, uid },
  };
  return { status: 200, body };
}

/** The object as it is while it goes: with its time of deletion and what it waits for. */
function mark(core: Core, { kind, propagation, grace }: Removal, object: KubeObject): Json {
  const { metadata } = object;
  const finalizers = held(metadata.finalizers ?? [], propagation ?? defaultPropagation(kind));
  const seconds = graceOf(kind, object, grace);
  const counted = metadata.deletionTimestamp === undefined && metadata.generation !== undefined;
  const phase = kind.stored === '/namespaces' ? { status: { ...object['status'], phase: 'Terminating' } } : {};
  return frozen({
    ...object,
    ...phase,
    metadata: {
      ...metadata,
      ...(finalizers.length === 0 ? {} : { finalizers }),
      ...(counted ? { generation: (metadata.generation ?? 0) + 1 } : {}),
      deletionTimestamp: metadata.deletionTimestamp ?? timestamp(core),
      deletionGracePeriodSeconds: seconds,
    },
  });
}

function held(finalizers: readonly string[], propagation: Propagation): readonly string[] {
  const own = { Foreground: 'foregroundDeletion', Orphan: 'orphan', Background: undefined }[propagation];
  const others = finalizers.filter((one) => one !== 'foregroundDeletion' && one !== 'orphan');
  return own === undefined ? others : [...others, own];
}

function defaultPropagation(kind: Kind): Propagation {
  // Kept by the API server since the first version of Jobs.
  return kind.stored === 'batch/jobs' ? 'Orphan' : 'Background';
}

/** Seconds until the kubelet ends a pod; nobody else waits. Who finishes deletes again with none. */
function graceOf(kind: Kind, object: KubeObject, asked: number | undefined): number {
  if (kind.stored !== '/pods') return 0;
  const phase = object['status']?.phase;
  if (object['spec']?.nodeName === undefined || phase === 'Succeeded' || phase === 'Failed') return 0;
  const wanted = asked ?? object['spec'].terminationGracePeriodSeconds ?? 30;
  const before = (object.metadata as Json).deletionGracePeriodSeconds;
  return before === undefined ? wanted : Math.min(before, wanted);
}

function sameMark(object: Json, marked: Json): boolean {
  const parts = ({ metadata }: Json) =>
    JSON.stringify([metadata.finalizers ?? [], metadata.deletionGracePeriodSeconds]);
  return parts(object) === parts(marked);
}
