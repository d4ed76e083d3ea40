import type { Site } from '#plan/plan';
import type { KubeObject } from '#ports/cluster';
import { volumeReplicas } from '../verbs/site-size.ts';

/** The class for disks of virtual machines, beside Longhorn's own. */
export function machineClass(site: Site): KubeObject {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: {
      name: 'longhorn-vm',
      // CDI takes it for virtual machines; the cluster's default stays Longhorn's own class.
      annotations: { 'storageclass.kubevirt.io/is-default-virt-class': 'true' },
    },
    provisioner: 'driver.longhorn.io',
    allowVolumeExpansion: true,
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
    // Without fsType and with migratable CDI resolves it to ReadWriteMany and Block: what live migration needs.
    parameters: {
      numberOfReplicas: String(volumeReplicas(site)),
      staleReplicaTimeout: '30',
      dataEngine: 'v1',
      migratable: 'true',
    },
  };
}

export const snapshotClass: KubeObject = {
  apiVersion: 'snapshot.storage.k8s.io/v1',
  kind: 'VolumeSnapshotClass',
  metadata: {
    name: 'longhorn',
    annotations: { 'snapshot.storage.kubernetes.io/is-default-class': 'true' },
  },
  driver: 'driver.longhorn.io',
  deletionPolicy: 'Delete',
  parameters: { type: 'snap' },
};
