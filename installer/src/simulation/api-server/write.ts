import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { checkPlace, checkValid } from './checks.ts';
import { commit } from './commit.ts';
import { type Core, stored, timestamp, viewed } from './core.ts';
import { Untellable } from './fields/fields-of.ts';
import { afterUpdate, applied, type Conflict, type Owner, type Writer } from './fields/ownership.ts';
import { finished, shapeOf, stamped } from './finish.ts';
import type { Kind } from './kinds.ts';
import { Refusal, refuse } from './refusal.ts';
import { equal, frozen, isRecord, without } from './values.ts';

/** One request to create or change one object. */
export interface Intent {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name: string;
  /** `status` when only the status is written. */
  readonly subresource?: 'status';
  readonly manager: string;
  readonly dryRun: boolean;
  readonly force: boolean;
  /** A create refuses to change, an update refuses to create; `either` does what is needed. */
  readonly mode: 'create' | 'update' | 'either';
  /** The configuration of a server-side apply. */
  readonly applies?: Json;
  /** The new object from the one that is there, for everything else. */
  readonly next?: (live: Json) => Json;
}

export interface Outcome {
  readonly object: KubeObject;
  readonly created: boolean;
}

/** Creates or changes an object as the API server does: merge, defaults, admission, validation, ownership, storage. */
export async function write(core: Core, intent: Intent): Promise<Outcome> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const live = stored(core, intent.kind, intent.namespace, intent.name);
    const draft = drafted(core, intent, live);
    const admitted = await admit(core, intent, draft.object, live);
    // Somebody else may have written while a webhook was thinking.
    if (stored(core, intent.kind, intent.namespace, intent.name) !== live) continue;
    const metadata = { ...admitted.metadata, managedFields: owned(core, intent, live, admitted, draft.owners) };
    const object = { ...admitted, metadata };
    return { object: viewed(commit(core, intent, live, object), intent.kind), created: live === undefined };
  }
  throw refuse.conflict(
    intent.kind,
    intent.name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );
}

interface Draft {
  readonly object: Json;
  /** Set by server-side apply; everything else owns what it changed. */
  readonly owners?: readonly Owner[];
}

function drafted(core: Core, intent: Intent, live: KubeObject | undefined): Draft {
  const { kind, name } = intent;
  if (live === undefined && (intent.mode === 'update' || intent.subresource)) throw refuse.notFound(kind, name);
  if (live !== undefined && intent.mode === 'create') throw refuse.alreadyExists(kind, name);
  if (live === undefined) checkPlace(core, intent);
  const { object, owners } = intent.applies === undefined ? { object: intent.next?.(live) } : apply(core, intent, live);
  checkPreconditions(intent, object, live);
  return { object: stamped(core, intent, object, live), ...(owners === undefined ? {} : { owners }) };
}

function checkPreconditions(intent: Intent, object: Json, live: KubeObject | undefined): void {
  const { uid, resourceVersion } = intent.applies?.metadata ?? object?.metadata ?? {};
  if (live === undefined) return;
  if (uid && uid !== live.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`;
    throw refuse.conflict(intent.kind, intent.name, why);
  }
  if (resourceVersion && resourceVersion !== live.metadata.resourceVersion) {
    throw refuse.conflict(
      intent.kind,
      intent.name,
      'the object has been modified; please apply your changes to the latest version and try again',
    );
  }
}

function apply(core: Core, intent: Intent, live: KubeObject | undefined): Draft {
  if (intent.applies.metadata?.managedFields?.length) throw refuse.badRequest('metadata.managedFields must be nil');
  const before = live === undefined ? undefined : view(live, intent.kind);
  const configuration = frozen(intent.applies);
  try {
    const result = applied(owners(live), before, configuration, shapeOf(intent.kind), writer(core, intent));
    if (result.conflicts.length > 0 && !intent.force) throw conflicts(result.conflicts);
    return { object: result.object, owners: result.owners };
  } catch (error) {
    if (!(error instanceof Untellable)) throw error;
    const what = `${intent.namespace === undefined ? '' : `${intent.namespace}/`}${intent.name}; ${intent.kind.apiVersion}, Kind=${intent.kind.kind}`;
    throw refuse.internal(`failed to create typed patch object (${what}): ${error.message}`);
  }
}

function view(live: KubeObject, kind: Kind): Json {
  return { ...viewed(live, kind), metadata: without(live.metadata, 'managedFields') };
}

function owners(live: KubeObject | undefined): readonly Owner[] {
  return (live?.metadata.managedFields ?? []) as readonly Owner[];
}

function writer(core: Core, intent: Intent): Writer {
  const status = intent.kind.subresources.includes('status');
  const ignores = (field: string): boolean =>
    intent.subresource === 'status' ? field !== 'status' : status && field === 'status';
  return {
    manager: intent.manager,
    apiVersion: intent.kind.apiVersion,
    time: timestamp(core),
    ignores,
    ...(intent.subresource === undefined ? {} : { subresource: intent.subresource }),
  };
}

function owned(
  core: Core,
  intent: Intent,
  live: KubeObject | undefined,
  object: Json,
  given: readonly Owner[] | undefined,
): readonly Owner[] {
  if (given !== undefined) return given;
  const stated: readonly Owner[] = object.metadata.managedFields ?? [];
  const base = stated.length > 0 && !intent.subresource ? stated : owners(live);
  const before = live === undefined ? {} : view(live, intent.kind);
  const after = { ...object, metadata: without(object.metadata, 'managedFields') };
  return afterUpdate(base, before, after, shapeOf(intent.kind), writer(core, intent));
}

async function admit(core: Core, intent: Intent, draft: Json, live: KubeObject | undefined): Promise<Json> {
  const { kind, subresource, dryRun } = intent;
  const operation = live === undefined ? 'CREATE' : 'UPDATE';
  const before = live === undefined ? undefined : viewed(live, kind);
  const review = { kind, operation, subresource, dryRun, oldObject: before } as const;
  const object = finished(core, intent, draft, live);
  const mutated = await core.admission.mutate({ ...review, object });
  const complete = mutated === object ? object : finished(core, intent, mutated, live);
  checkValid(core, intent, complete, before);
  await core.admission.validate({ ...review, object: complete });
  return isRecord(complete) && equal(complete, live) ? live : complete;
}

function conflicts(found: readonly Conflict[]): Refusal {
  const causes = found.map(({ owner, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${described(owner)}`,
    field: path,
  }));
  return new Refusal({ code: 409, reason: 'Conflict', message: conflictMessage(found), details: { causes } });
}

function conflictMessage(found: readonly Conflict[]): string {
  const [first] = found;
  if (found.length === 1 && first) {
    return `Apply failed with 1 conflict: conflict with ${described(first.owner)}: ${first.path}`;
  }
  const byOwner = Map.groupBy(found, (conflict) => described(conflict.owner));
  const parts = [...byOwner].sort(([one], [other]) => (one < other ? -1 : 1));
  const lines = parts.flatMap(([who, list]) => [`conflicts with ${who}:`, ...list.map(({ path }) => `- ${path}`)]);
  return `Apply failed with ${found.length} conflicts: ${lines.join('\n')}`;
}

function described(owner: Owner): string {
  const part = owner.subresource === undefined ? '' : ` with subresource "${owner.subresource}"`;
  return `"${owner.manager}"${part}${owner.operation === 'Update' ? ` using ${owner.apiVersion}` : ''}`;
}
