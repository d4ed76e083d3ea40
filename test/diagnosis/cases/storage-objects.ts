import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Scene } from '../scene.ts';

/** A class of Longhorn. */
export async function storageClass(scene: Scene, name = 'longhorn', more: Json = {}): Promise<void> {
  await scene.make({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, ...more.metadata },
    provisioner: 'driver.longhorn.io',
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
  });
}

/** A claim that nobody has bound yet. */
export async function claim(
  scene: Scene,
  name: string,
  of = 'default',
  storageClassName = 'longhorn',
): Promise<KubeObject> {
  const spec = { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage: '1Gi' } } };
  return scene.make(
    { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, namespace: of }, spec },
    { phase: 'Pending' },
  );
}
