import type { KubeObject, ObjectRef } from '#ports/cluster';

/** An object as people and changes name it: `Deployment longhorn-system/longhorn-ui`. */
export function nameOf(object: KubeObject | ObjectRef): string {
  const { name, namespace } = 'metadata' in object ? object.metadata : object;
  return `${object.kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

export function refOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): ObjectRef {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}
