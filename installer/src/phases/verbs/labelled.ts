import type { ComponentName } from '#catalog/catalog';
import type { KubeObject } from '#ports/cluster';

/** The label by which everything that was applied for a component is found again. */
export const componentLabel = 'novasphere.dev/component';

/** The object with the labels by which everything that we applied is found again. */
export function labelled(object: KubeObject, component: ComponentName | 'verify'): KubeObject {
  const labels = {
    // Where upstream says who manages an object, that stays: an operator may look for what is its own.
    'app.kubernetes.io/managed-by': 'novasphere-installer',
    ...object.metadata.labels,
    [componentLabel]: component,
  };
  return { ...object, metadata: { ...object.metadata, labels } };
}
