import { kindPath } from '../kube-path.ts';

/** Names that Longhorn's own code fixes. */
export const NAMESPACE = 'longhorn-system';
export const DRIVER = 'driver.longhorn.io';
const API = 'longhorn.io/v1beta2';

/** Where a Longhorn kind is served in its namespace. */
export function longhornPath(kind: string): string {
  return kindPath(API, kind, NAMESPACE);
}

/** A Longhorn object with its name and namespace filled in. */
export function longhornObject(kind: string, name: string, body: object) {
  const labels = { 'longhorn.io/component': kind.toLowerCase() };
  return { apiVersion: API, kind, metadata: { name, namespace: NAMESPACE, labels }, ...body };
}
