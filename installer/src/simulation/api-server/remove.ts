import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Response } from '#kube/transport';
import { isLoose, versioned } from './commit.ts';
import { type Core, stored, timestamp, viewed } from './core.ts';
import type { Kind } from './kinds.ts';
import { refuse } from './refusal.ts';
import { keyOf } from './store.ts';
import { frozen } from './values.ts';

const definitions = 'apiextensions.k8s.io/customresourcedefinitions';
/** Holds a definition that is being deleted until nothing of its kinds is left. */
export const cleanup = 'customresourcecleanup.apiextensions.k8s.io';

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
  const marked = mark(core, removal, object);
  const key = keyOf(namespace, name);
  if (isLoose(kind, marked)) {
    // What nothing has to wait for goes as it was, without ever being marked.
    const last = kind.stored === '/pods' || object.metadata.deletionTimestamp !== undefined ? marked : object;
    if (!dryRun) core.store.remove(kind.stored, key, (version) => versioned(last, version));
    return done(kind, object);
  }
  if (dryRun) return { status: 200, body: viewed(marked as KubeObject, kind) };
  const unchanged = object.metadata.deletionTimestamp !== undefined && sameMark(object, marked);
  const left = unchanged ? object : core.store.put(kind.stored, key, (version) => versioned(marked, version));
  return { status: 200, body: viewed(left, kind) };
}

function live(core: Core, { kind, namespace, name }: Removal): KubeObject {
  const found = stored(core, kind, namespace, name);
  if (found === undefined) throw refuse.notFound(kind, name);
  return found;
}

function check({ kind, name, preconditions }: Removal, { metadata }: KubeObject): void {
  const { uid, resourceVersion } = preconditions ?? {};
  const refused = (what: string, asked: string, found: string | undefined, why: string) => {
    const problem = `the ${what} in the precondition (${asked}) does not match the ${what} in record (${found}). The object might have been ${why}`;
    return refuse.precondition(kind, name, problem);
  };
  if (uid !== undefined && uid !== metadata.uid) throw refused('UID', uid, metadata.uid, 'deleted and then recreated');
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
    throw refused('ResourceVersion', resourceVersion, metadata.resourceVersion, 'modified');
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
  const finalizers = held(kind, metadata.finalizers ?? [], propagation ?? defaultPropagation(kind));
  const seconds = graceOf(kind, object, grace);
  // Namespaces and definitions have an end of their own.
  const plain = kind.stored !== '/namespaces' && kind.stored !== definitions;
  const counted = plain && metadata.deletionTimestamp === undefined && metadata.generation !== undefined;
  const phase = kind.stored === '/namespaces' ? { status: { ...object['status'], phase: 'Terminating' } } : {};
  return frozen({
    ...object,
    ...phase,
    metadata: {
      ...metadata,
      ...(finalizers.length === 0 ? {} : { finalizers }),
      ...(counted ? { generation: (metadata.generation ?? 0) + 1 } : {}),
      deletionTimestamp: metadata.deletionTimestamp ?? timestamp(core),
      ...(plain ? { deletionGracePeriodSeconds: seconds } : {}),
    },
  });
}

function held(kind: Kind, finalizers: readonly string[], propagation: Propagation): readonly string[] {
  if (kind.stored === definitions) return [...new Set([...finalizers, cleanup])];
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
