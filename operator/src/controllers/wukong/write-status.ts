import { isDeepStrictEqual } from 'node:util';
import type { KubeClient } from '#kube/client';
import type { KubeObject } from '#kube/object';
import { refOf } from '#kube/ref';
import { StatusError } from '#kube/status-error';

export interface Writing {
  readonly client: KubeClient;
  readonly signal: AbortSignal;
}

/** The one place that writes a status, and only one that differs from the object's own. */
export async function writeStatus(object: KubeObject, status: object, { client, signal }: Writing): Promise<void> {
  if (isDeepStrictEqual(plain(object['status']), plain(status))) return;
  const { apiVersion, kind, ...metadata } = refOf(object);
  try {
    await client.apply({ apiVersion, kind, metadata, status }, { force: true, subresource: 'status', signal });
  } catch (error) {
    // It was deleted in between; there is nothing left to tell.
    if (!(error instanceof StatusError) || error.code !== 404) throw error;
  }
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
