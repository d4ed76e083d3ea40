import type { KubeClient } from '#kube/client';
import type { KubeObject } from '#kube/object';
import { refOf } from '#kube/ref';
import { StatusError } from '#kube/status-error';

const finalizer = 'wukong.novasphere.dev/finalizer';

export function isHeld({ metadata }: KubeObject): boolean {
  return metadata.finalizers?.includes(finalizer) === true;
}

/** Keeps the object until everything of it has been taken away in order. False when the copy of it is outdated. */
export async function hold(client: KubeClient, object: KubeObject, signal: AbortSignal): Promise<boolean> {
  const { finalizers, resourceVersion } = object.metadata;
  const value = [...(finalizers ?? []), finalizer];
  const fresh = [
    { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
    { op: 'add', path: '/metadata/finalizers', value },
  ];
  return changed(client, object, fresh, signal);
}

/** Lets the object go. What is gone already is as good. False when its finalizers have changed in between. */
export async function release(client: KubeClient, object: KubeObject, signal: AbortSignal): Promise<boolean> {
  const at = object.metadata.finalizers?.indexOf(finalizer) ?? -1;
  const path = `/metadata/finalizers/${at}`;
  const change = [
    { op: 'test', path, value: finalizer },
    { op: 'remove', path },
  ];
  return changed(client, object, change, signal);
}

/** A test that fails is answered with 422, and one that fails while it is written with 409. */
async function changed(client: KubeClient, object: KubeObject, change: unknown, signal: AbortSignal): Promise<boolean> {
  try {
    await client.patch(refOf(object), change, { type: 'json', signal });
    return true;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    if (error.code === 404) return true;
    if (error.code === 409 || error.code === 422) return false;
    throw error;
  }
}
