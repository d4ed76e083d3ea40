import { isDeepStrictEqual } from 'node:util';
import type { KubeClient } from '#kube/client';
import { StatusError } from '#kube/status-error';
import type { Wukong, WukongStatus } from '../../api/wukong.ts';
import type { Again } from '../../runtime/work-queue.ts';
import { applyAll } from './apply.ts';
import { desired } from './desired.ts';
import { type Lookup, observe } from './observe.ts';
import { statusOf } from './status.ts';

export interface Reconcile {
  readonly client: KubeClient;
  /** Aborts with the lead: nothing may be written afterwards. */
  readonly signal: AbortSignal;
  /** ISO time. */
  now(): string;
  wukong(namespace: string, name: string): Wukong | undefined;
  lookup(namespace: string): Lookup;
}

/** Nobody tells when an object that is in the way, and is not ours, goes away. */
const lookForConflicts = 60_000;

/** One pass for one Wukong: observe → desired → apply the difference → status. Sends nothing when nothing differs. */
export async function reconcile(key: string, about: Reconcile): Promise<Again> {
  const [namespace = '', name = ''] = key.split('/');
  const wukong = about.wukong(namespace, name);
  // Children belong to the Wukong, so the API server takes them away with it.
  if (wukong === undefined || wukong.metadata.deletionTimestamp !== undefined) return {};
  const { client, signal } = about;
  const lookup = about.lookup(namespace);
  const observed = observe(wukong, lookup);
  const trouble = await applyAll(desired(wukong, observed), { client, lookup, signal });
  await writeStatus(wukong, statusOf(wukong, observed, about.now(), trouble), about);
  if (trouble?.reason === 'NameConflict') return { after: lookForConflicts };
  if (trouble !== undefined && !trouble.terminal) throw new Error(trouble.message);
  return {};
}

async function writeStatus(wukong: Wukong, status: WukongStatus, { client, signal }: Reconcile): Promise<void> {
  if (isDeepStrictEqual(plain(wukong.status), plain(status))) return;
  const { apiVersion, kind, metadata } = wukong;
  const { name, namespace } = metadata;
  const own = { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, status };
  try {
    await client.apply(own, { force: true, subresource: 'status', signal });
  } catch (error) {
    // It was deleted in between; there is nothing left to tell.
    if (!(error instanceof StatusError) || error.code !== 404) throw error;
  }
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
