import type { KubeClient } from '#kube/client';
import type { KubeObject } from '#kube/object';
import { StatusError } from '#kube/status-error';
import { hashed, hashOf } from './applied-hash.ts';
import { covers } from './covers.ts';
import { isFill } from './disks/possession.ts';
import { isOf, isOwned } from './ownership.ts';
import type { SecretData } from './secret-data.ts';
import type { Kind, Sight } from './sight.ts';
import { fieldOwners, fieldsTaken, nameTaken, type Trouble, troubleOf } from './trouble.ts';

export interface Applying {
  readonly client: KubeClient;
  readonly sight: Sight;
  /** What Secrets hold, for who applies some. */
  readonly secrets?: SecretData;
  /** The uids of those whose objects may be changed: the Wukong, and what was made for it. */
  readonly owners: readonly (string | undefined)[];
  /** Aborts with the lead: nothing may be written afterwards. */
  readonly signal: AbortSignal;
}

/** What came of one object. */
export interface Outcome {
  readonly object: KubeObject;
  /** `mended`: somebody had changed what is ours. */
  readonly change?: 'created' | 'updated' | 'mended';
  readonly trouble?: Trouble;
}

/** Applies what differs; one that fails does not keep the others from being applied. */
export async function applyAll(objects: readonly KubeObject[], applying: Applying): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const object of objects) outcomes.push(await applyOne(object, applying));
  return outcomes;
}

async function applyOne(object: KubeObject, applying: Applying): Promise<Outcome> {
  const { kind, metadata } = object;
  try {
    const live = applying.sight.get(kind as Kind, metadata.namespace, metadata.name);
    if (live === undefined) return await make(object, applying);
    if (!isOurs(live, object, applying)) return { object, trouble: nameTaken(object) };
    return await update(await whole(live, object, applying), object, applying);
  } catch (error) {
    return { object, trouble: troubleOf(error, object) };
  }
}

/** Kinds whose specification cannot be changed: they are created, so that a name in use is refused whatever it holds. */
const fixed = new Set(['PersistentVolumeClaim', 'DataVolume', 'VirtualMachineRestore', 'VirtualMachineSnapshot']);

async function make(object: KubeObject, applying: Applying): Promise<Outcome> {
  const { client, sight, signal } = applying;
  const { kind, metadata } = object;
  // CDI makes the claim of a DataVolume; it may be seen before its DataVolume is.
  const claim =
    kind === 'DataVolume' ? sight.get('PersistentVolumeClaim', metadata.namespace, metadata.name) : undefined;
  if (claim !== undefined && !isFill(claim)) return { object, trouble: nameTaken(claim) };
  try {
    // Without force: what somebody made a moment ago, and the copies do not show yet, is not overwritten.
    if (fixed.has(kind)) await client.create(object, { signal });
    else await client.apply(hashed(object), { signal });
    return { object, change: 'created' };
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 409) throw error;
    const live = await client.get({ apiVersion: object.apiVersion, kind, ...metadata }, { signal });
    if (live === undefined) throw error;
    return isOurs(live, object, applying) ? { object } : { object, trouble: nameTaken(object) };
  }
}

/** Of a Secret the copy has the name alone; what it holds was read for the plan, and is known by now. */
async function whole(live: KubeObject, wanted: KubeObject, { secrets, signal }: Applying): Promise<KubeObject> {
  if (wanted.kind !== 'Secret' || secrets === undefined) return live;
  const held = Object.entries((await secrets.read(live, signal)) ?? {});
  const data = Object.fromEntries(held.map(([key, text]) => [key, Buffer.from(text).toString('base64')]));
  return { ...live, type: wanted['type'], data };
}

async function update(live: KubeObject, wanted: KubeObject, { client, signal }: Applying): Promise<Outcome> {
  const object = fixed.has(wanted.kind) ? wanted : hashed(wanted);
  const changed = hashOf(live) !== hashOf(object) && hashOf(object) !== undefined;
  if (!changed && covers(live, object)) return { object: wanted };
  const change = changed || fixed.has(wanted.kind) ? 'updated' : 'mended';
  const came = (after: KubeObject): Outcome => {
    // What the server has in its own words is no change, and nobody will be told of one.
    const same = after.metadata.resourceVersion === live.metadata.resourceVersion;
    return same ? { object: wanted } : { object: wanted, change };
  };
  try {
    return came(await client.apply(object, { signal }));
  } catch (error) {
    const owners = error instanceof StatusError && error.code === 409 ? fieldOwners(error) : [];
    if (owners.length === 0) throw error;
    const keepers = owners.filter(({ applies }) => applies);
    if (keepers.length > 0) return { object: wanted, trouble: fieldsTaken(wanted, keepers) };
    return came(await client.apply(object, { force: true, signal }));
  }
}

/** What says nothing of its owner has been looked at by whoever wants it. */
function isOurs(live: KubeObject, wanted: KubeObject, { owners }: Applying): boolean {
  return !isOwned(wanted) || isOf(owners, live);
}
