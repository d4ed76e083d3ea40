import { isDeepStrictEqual } from 'node:util';
import { StatusError } from '#kube/status-error';
import type { Wukong, WukongStatus } from '../../api/wukong.ts';
import { turnsTold } from './happenings.ts';
import type { Pass } from './pass.ts';

/** The one place that writes a status, and only one that differs. */
export async function writeStatus(wukong: Wukong, status: WukongStatus, pass: Pass): Promise<void> {
  for (const happening of turnsTold(wukong.status, status)) pass.tell(wukong, happening);
  if (isDeepStrictEqual(plain(wukong.status), plain(status))) return;
  const { apiVersion, kind, metadata } = wukong;
  const { name, namespace } = metadata;
  const own = { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, status };
  try {
    await pass.client.apply(own, { force: true, subresource: 'status', signal: pass.signal });
  } catch (error) {
    // It was deleted in between; there is nothing left to tell.
    if (!(error instanceof StatusError) || error.code !== 404) throw error;
  }
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
