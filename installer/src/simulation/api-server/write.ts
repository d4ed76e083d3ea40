import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { zero } from './builtin/zero.ts';
import { checkPlace, checkValid } from './checks.ts';
import { commit } from './commit.ts';
import { conflicting } from './conflicts.ts';
import { type Core, stored, timestamp, viewed } from './core.ts';
import { Undecodable, undecodable } from './decode.ts';
import { Untellable } from './fields/fields-of.ts';
import { afterUpdate, applied, type Owner, type Writer } from './fields/ownership.ts';
import { mismatches, told } from './fields/typed.ts';
import { completed, decoded, finished, shapeOf, stamped } from './finish.ts';
import type { Kind } from './kinds.ts';
import { refuse } from './refusal.ts';
import { equal, frozen, isRecord, without } from './values.ts';
import { wrong } from './wrong.ts';

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
    const found = stored(core, intent.kind, intent.namespace, intent.name);
    // A create is checked as if nothing were there, and only then refused because something is.
    const live = intent.mode === 'create' ? undefined : found;
    const draft = drafted(core, intent, live);
    const read = readAs(intent, draft.object);
    const admitted = await admit(core, intent, read, live);
    // Somebody else may have written while a webhook was thinking.
    if (stored(core, intent.kind, intent.namespace, intent.name) !== found) continue;
    if (intent.mode === 'create' && found !== undefined) throw refuse.alreadyExists(intent.kind, found);
    // What admission adds belongs to nobody.
    const metadata = { ...admitted.metadata, managedFields: owned(core, intent, live, read, draft.owners) };
    const object = { ...admitted, metadata };
    return { object: viewed(commit(core, intent, live, object), intent.kind), created: live === undefined };
  }
  throw refuse.conflict(
    intent.kind,
    intent.name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );
}

/** The object as the server reads it; what cannot be read is told in the words of the request that brought it. */
function readAs(intent: Intent, object: Json): Json {
  try {
    return decoded(intent, object);
  } catch (error) {
    if (!(error instanceof Undecodable)) throw error;
    if (intent.applies === undefined) throw undecodable(intent.kind, error.message);
    const { group, version, kind } = intent.kind;
    const to = `${group === '' ? '' : group}/${version}, Kind=${kind}`;
    throw refuse.untyped(
      `failed to convert new object (${described(intent)}) to proper version: unable to convert unstructured object to ${to}: ${error.message}`,
    );
  }
}

interface Draft {
  readonly object: Json;
  /** Set by server-side apply; everything else owns what it changed. */
  readonly owners?: readonly Owner[];
}

function drafted(core: Core, intent: Intent, live: KubeObject | undefined): Draft {
  const { kind, name } = intent;
  if (live === undefined && (intent.mode === 'update' || intent.subresource)) throw refuse.notFound(kind, name);
  if (live === undefined) checkPlace(core, intent);
  const { object, owners } = intent.applies === undefined ? { object: intent.next?.(live) } : apply(core, intent, live);
  checkPreconditions(intent, object, live);
  return { object: stamped(core, intent, object, live), ...(owners === undefined ? {} : { owners }) };
}

function checkPreconditions(intent: Intent, object: Json, live: KubeObject | undefined): void {
  const { uid, resourceVersion } = intent.applies?.metadata ?? object?.metadata ?? {};
  if (live === undefined) {
    if (!uid || intent.applies === undefined) return;
    const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
    throw refuse.conflict(intent.kind, intent.name, why);
  }
  if (uid && uid !== live.metadata.uid)
    throw refuse.invalid(intent.kind, intent.name, [wrong.invalid('metadata.uid', uid, 'field is immutable')]);
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
    const shape = shapeOf(intent.kind);
    const odd = mismatches(configuration, shape);
    if (odd.length > 0) throw new Untellable(told(odd));
    const result = applied(known(core, intent, live), before, configuration, shape, writer(core, intent));
    if (result.conflicts.length > 0 && !intent.force) throw conflicting(result.conflicts);
    return { object: result.object, owners: result.owners };
  } catch (error) {
    if (!(error instanceof Untellable)) throw error;
    throw refuse.untyped(`failed to create typed patch object (${described(intent)}): ${error.message}`);
  }
}

/** What is applied, as messages about it say: `default/web; apps/v1, Kind=Deployment`. */
function described({ applies, kind, name }: Intent): string {
  const { group, version } = kind;
  return `${applies.metadata?.namespace ?? ''}/${name}; ${group}/${version}, Kind=${kind.kind}`;
}

/** Who owns what before an apply; everything that an object without any owner says is somebody's. */
function known(core: Core, intent: Intent, live: KubeObject | undefined): readonly Owner[] {
  const found = owners(live);
  if (live === undefined || found.length > 0) return found;
  const before = { ...writer(core, intent), manager: 'before-first-apply' };
  return afterUpdate([], zero(intent.kind), view(live, intent.kind), shapeOf(intent.kind), before);
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
  if (isReset(stated)) return [];
  const base = stated.length > 0 && !intent.subresource ? stated : owners(live);
  // Ownership begins with a create or an apply, never in the middle of an object's life.
  if (live !== undefined && base.length === 0) return [];
  const before = live === undefined ? zero(intent.kind) : view(live, intent.kind);
  const after = { ...object, metadata: without(object.metadata, 'managedFields') };
  return afterUpdate(base, before, after, shapeOf(intent.kind), writer(core, intent));
}

/** One empty entry asks for no ownership at all. */
function isReset(stated: readonly Owner[]): boolean {
  return stated.length === 1 && Object.keys(stated[0] ?? {}).length === 0;
}

async function admit(core: Core, intent: Intent, draft: Json, live: KubeObject | undefined): Promise<Json> {
  const { kind, subresource, dryRun } = intent;
  const operation = live === undefined ? 'CREATE' : 'UPDATE';
  const before = live === undefined ? undefined : viewed(live, kind);
  const review = { kind, operation, subresource, dryRun, oldObject: before } as const;
  const object = completed(core, intent, draft, live);
  const mutated = await core.admission.mutate({ ...review, object });
  const complete = mutated === object ? object : finished(core, intent, mutated, live);
  checkValid(core, intent, complete, before);
  await core.admission.validate({ ...review, object: complete });
  return isRecord(complete) && equal(complete, live) ? live : complete;
}
