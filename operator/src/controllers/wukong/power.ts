import type { KubeClient } from '#kube/client';
import type { KubeObject } from '#kube/object';
import { StatusError } from '#kube/status-error';

/** Asks KubeVirt to pause a running instance or to let it go on. False when it is not in a state for that now. */
export async function setPaused(
  client: KubeClient,
  { metadata }: KubeObject,
  action: 'pause' | 'unpause',
  signal: AbortSignal,
): Promise<boolean> {
  const { namespace = 'default', name } = metadata;
  const path = `/apis/subresources.kubevirt.io/v1/namespaces/${namespace}/virtualmachineinstances/${name}/${action}`;
  const response = await client.request({ method: 'PUT', path, body: {}, signal });
  if (response.status < 300) return true;
  // KubeVirt refuses by 409 what does not fit the state; the state is seen, and tried again when it has changed.
  if (response.status === 409 || response.status === 404) return false;
  throw new StatusError(response, `PUT ${path}`);
}

/** Turns a machine on or off that cannot be applied as a whole now. */
export async function setRunStrategy(
  client: KubeClient,
  { apiVersion, kind, metadata }: KubeObject,
  runStrategy: string,
  signal: AbortSignal,
): Promise<void> {
  const { namespace = 'default', name } = metadata;
  await client.patch({ apiVersion, kind, namespace, name }, { spec: { runStrategy } }, { signal });
}
