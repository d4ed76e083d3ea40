import type { ComponentName } from '#catalog/catalog';
import type { KubeObject } from '#ports/cluster';

/** The object with the labels by which everything that we applied is found again. */
export function labelled(object: KubeObject, component: ComponentName | 'verify'): KubeObject {
  const labels = {
    ...object.metadata.labels,
    'app.kubernetes.io/managed-by': 'novasphere-installer',
    'novasphere.dev/component': component,
  };
  return { ...object, metadata: { ...object.metadata, labels } };
}
