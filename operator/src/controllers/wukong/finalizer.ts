import type { KubeClient } from '#kube/client';
import type { KubeObject } from '#kube/object';
import { StatusError } from '#kube/status-error';
import { refOf } from './ref.ts';

const finalizer = 'wukong.novasphere.dev/finalizer';

export function isHeld({ metadata }: KubeObject): boolean {
  return metadata.finalizers?.includes(finalizer) === true;
}

/** Keeps the object until everything of it has been taken away in order. Rejects with 409 when the copy is stale. */
export async function hold(client: KubeClient, object: KubeObject, signal: AbortSignal): Promise<void> {
  const { finalizers, resourceVersion } = object.metadata;
  const value = [...(finalizers ?? []), finalizer];
  const fresh = [
    { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
    { op: 'add', path: '/metadata/finalizers', value },
  ];
  await client.patch(refOf(object), fresh, { type: 'json', signal });
}

/** Lets the object go. What is gone already is as good. Rejects when the finalizers have changed in between. */
export async function release(client: KubeClient, object: KubeObject, signal: AbortSignal): Promise<void> {
  const at = object.metadata.finalizers?.indexOf(finalizer) ?? -1;
  const path = `/metadata/finalizers/${at}`;
  const change = [
    { op: 'test', path, value: finalizer },
    { op: 'remove', path },
  ];
  try {
    await client.patch(refOf(object), change, { type: 'json', signal });
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 404) throw error;
  }
}
