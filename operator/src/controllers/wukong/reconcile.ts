import { isDeepStrictEqual } from 'node:util';
import type { KubeClient } from '#kube/client';
import type { KubeObject } from '#kube/object';
import { StatusError } from '#kube/status-error';
import type { Wukong, WukongStatus } from '../../api/wukong.ts';
import type { Again } from '../../runtime/work-queue.ts';
import { desired } from './desired.ts';
import { type Lookup, observe } from './observe.ts';
import { type ApplyTrouble, statusOf } from './status.ts';

export interface Reconcile {
  readonly client: KubeClient;
  /** ISO time. */
  now(): string;
  wukong(namespace: string, name: string): Wukong | undefined;
  lookup(namespace: string): Lookup;
}

/** One pass for one Wukong: observe → desired → apply the difference → status. Sends nothing when nothing differs. */
export async function reconcile(key: string, about: Reconcile): Promise<Again> {
  const [namespace = '', name = ''] = key.split('/');
  const wukong = about.wukong(namespace, name);
  // Children belong to the Wukong, so the API server takes them away with it.
  if (wukong === undefined || wukong.metadata.deletionTimestamp !== undefined) return {};
  const lookup = about.lookup(namespace);
  const observed = observe(wukong, lookup);
  const trouble = await applyAll(desired(wukong, observed), lookup, about);
  await writeStatus(wukong, statusOf(wukong, observed, about.now(), trouble), about);
  if (trouble !== undefined && !trouble.terminal) throw new Error(trouble.message);
  return {};
}

async function applyAll(
  objects: readonly KubeObject[],
  lookup: Lookup,
  { client }: Reconcile,
): Promise<ApplyTrouble | undefined> {
  for (const object of objects) {
    const live = lookup(object.kind as Parameters<Lookup>[0], object.metadata.name);
    const owner = live?.metadata.ownerReferences?.find((one) => one.controller === true)?.uid;
    const own = object.metadata.ownerReferences?.[0]?.uid;
    if (live !== undefined && owner !== own) return foreign(object);
    if (live !== undefined && covers(live, object)) continue;
    try {
      await client.apply(object, { force: true });
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      return {
        terminal: error.code === 422 || error.code === 400,
        message: `${object.kind} ${object.metadata.name}: ${error.message}`,
      };
    }
  }
  return undefined;
}

/** An object of that name is somebody else's: it is never overwritten. */
function foreign({ kind, metadata }: KubeObject): ApplyTrouble {
  return { terminal: false, message: `${kind} ${metadata.name} is there already and belongs to something else` };
}

/** Whether everything that is wanted is already so; what others added beside it is none of our business. */
export function covers(live: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(live) && live.length === wanted.length && wanted.every((one, index) => covers(live[index], one))
    );
  }
  if (typeof wanted !== 'object' || wanted === null) return live === wanted;
  if (typeof live !== 'object' || live === null) return false;
  return Object.entries(wanted).every(([field, value]) => covers((live as Record<string, unknown>)[field], value));
}

async function writeStatus(wukong: Wukong, status: WukongStatus, { client }: Reconcile): Promise<void> {
  if (isDeepStrictEqual(plain(wukong.status), plain(status))) return;
  const { apiVersion, kind, metadata } = wukong;
  const { name, namespace } = metadata;
  const own = { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, status };
  try {
    await client.apply(own, { force: true, subresource: 'status' });
  } catch (error) {
    // It was deleted in between; there is nothing left to tell.
    if (!(error instanceof StatusError) || error.code !== 404) throw error;
  }
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
