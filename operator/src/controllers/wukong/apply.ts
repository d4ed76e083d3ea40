import { type KubeClient, UnservedKind } from '#kube/client';
import type { KubeObject } from '#kube/object';
import { StatusError } from '#kube/status-error';
import { covers } from './covers.ts';
import { controllerOf, type Lookup } from './observe.ts';

/** What went wrong while applying, when anything did. */
export interface ApplyTrouble {
  /** Trying again is no use until the specification changes. */
  readonly terminal: boolean;
  readonly reason: 'ApplyFailed' | 'NameConflict' | 'MissingDependency';
  readonly message: string;
}

export interface Applying {
  readonly client: KubeClient;
  readonly lookup: Lookup;
  /** Aborts with the lead: nothing may be written afterwards. */
  readonly signal: AbortSignal;
}

/** Applies what differs; one that fails does not keep the others from being applied, and all failures are told. */
export async function applyAll(objects: readonly KubeObject[], applying: Applying): Promise<ApplyTrouble | undefined> {
  const troubles: ApplyTrouble[] = [];
  for (const object of objects) {
    const trouble = await applyOne(object, applying);
    if (trouble !== undefined) troubles.push(trouble);
  }
  const [first] = troubles;
  if (first === undefined) return undefined;
  return {
    terminal: troubles.every((one) => one.terminal),
    reason: first.reason,
    message: troubles.map((one) => one.message).join('; '),
  };
}

async function applyOne(object: KubeObject, { client, lookup, signal }: Applying): Promise<ApplyTrouble | undefined> {
  const { apiVersion, kind, metadata } = object;
  const claim = kind === 'DataVolume' ? lookup('PersistentVolumeClaim', metadata.name) : undefined;
  if (claim !== undefined && !isFilledBy(claim)) return conflict(claim);
  try {
    const cached = lookup(kind as Parameters<Lookup>[0], metadata.name);
    // A cache may lag behind: before anything is made, the server itself says whether the name is free.
    const live = cached ?? (await client.get({ apiVersion, kind, ...metadata }, { signal }));
    if (live !== undefined && !isOurs(live, object)) return conflict(object);
    if (live === undefined || !covers(live, object)) await client.apply(object, { force: true, signal });
    return undefined;
  } catch (error) {
    return troubleOf(error, object);
  }
}

function troubleOf(error: unknown, { kind, metadata }: KubeObject): ApplyTrouble {
  const about = `${kind} ${metadata.name}`;
  if (error instanceof UnservedKind)
    return { terminal: false, reason: 'MissingDependency', message: `${about}: ${error.message}` };
  if (!(error instanceof StatusError)) throw error;
  const terminal = error.code === 422 || error.code === 400;
  return { terminal, reason: 'ApplyFailed', message: `${about}: ${error.message}` };
}

/** CDI makes the claim of a DataVolume; it may be seen before its DataVolume is. */
function isFilledBy({ metadata }: KubeObject): boolean {
  return metadata.ownerReferences?.some((one) => one.kind === 'DataVolume' && one.name === metadata.name) === true;
}

/** What names no owner is part of an object whose owner has been looked at. */
function isOurs(live: KubeObject, wanted: KubeObject): boolean {
  const own = controllerOf(wanted);
  return own === undefined || controllerOf(live) === own;
}

/** An object of that name is somebody else's: it is never overwritten. */
function conflict({ kind, metadata }: KubeObject): ApplyTrouble {
  const message = `${kind} ${metadata.name} is there already and belongs to something else`;
  return { terminal: false, reason: 'NameConflict', message };
}
