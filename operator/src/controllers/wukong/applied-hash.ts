import { createHash } from 'node:crypto';
import type { KubeObject } from '#kube/object';

const annotation = 'vm.novasphere.dev/applied-hash';

/** The object with the hash of itself, by which a later pass knows that it no longer wants what it once applied. */
export function hashed(object: KubeObject): KubeObject {
  const digest = createHash('sha256').update(JSON.stringify(object)).digest('hex').slice(0, 16);
  const annotations = { ...object.metadata.annotations, [annotation]: digest };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

export function hashOf(object: KubeObject): string | undefined {
  return object.metadata.annotations?.[annotation];
}
