import { kindPath } from '../kube-path.ts';

/** Names that Longhorn's own code fixes. */
export const NAMESPACE = 'longhorn-system';
export const DRIVER = 'driver.longhorn.io';
const API = 'longhorn.io/v1beta2';

/** Where a Longhorn kind is served in its namespace. */
export function longhornPath(kind: string): string {
  return kindPath(API, kind, NAMESPACE);
}

/** The tag of an image. */
export function tagOf(image: string): string {
  return image.split(':').at(-1) ?? '';
}

/** Of several images the one of the newest release. */
export function newestOf(images: readonly string[]): string | undefined {
  return images.toSorted((one, other) => tagOf(other).localeCompare(tagOf(one), 'en', { numeric: true }))[0];
}

/** The finalizer that only a manager takes off. */
export const FINALIZER = 'longhorn.io';
/** Kinds that carry it: behind them are data, processes, or files on nodes. */
export const HELD = ['Volume', 'Replica', 'EngineImage', 'InstanceManager', 'Node'] as const;

/** A Longhorn object with its name and namespace filled in. */
export function longhornObject(kind: string, name: string, body: object) {
  const labels = { 'longhorn.io/component': kind.toLowerCase() };
  const held = HELD.some((one) => one === kind) ? { finalizers: [FINALIZER] } : {};
  return { apiVersion: API, kind, metadata: { name, namespace: NAMESPACE, labels, ...held }, ...body };
}
