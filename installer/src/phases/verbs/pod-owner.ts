import type { Json } from '#kube/json';
import type { KubeObject } from '#ports/cluster';
import { nameOf } from './object-name.ts';

/** Who wants a pod, as a person knows it: the Deployment and not the ReplicaSet in between; undefined when nobody does. */
export function ownerOf({ metadata }: KubeObject): string | undefined {
  const owners: readonly Json[] = metadata.ownerReferences ?? [];
  const owner = owners.find((one) => one.controller === true) ?? owners[0];
  if (owner === undefined) return undefined;
  const { namespace } = metadata;
  const isCopy = owner.kind === 'ReplicaSet';
  const kind = isCopy ? 'Deployment' : owner.kind;
  const name = isCopy ? owner.name.replace(/-[^-]+$/, '') : owner.name;
  return nameOf({ apiVersion: '', kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } });
}
