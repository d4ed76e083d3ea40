import type { Signature } from './signature.ts';

/** CDI and storage classes. */
export const storageSignatures: readonly Signature[] = [
  {
    id: 70,
    title: 'Devices closed to pods',
    seen: 'log of an importer',
    pattern: /cannot open \/dev\/cdi-block-volume: Permission denied|blockdev: .* Permission denied/,
    cause: 'containerd does not give devices to the user of a pod',
    remedies: ['novasphere apply PROFILE --only k3s          sets nonroot-devices'],
  },
  {
    id: 71,
    title: 'No storage class to choose',
    seen: 'event ErrClaimNotValid of a DataVolume',
    pattern:
      /missing accessMode and no storageClass to choose profile|no accessMode (specified )?in StorageProfile|ErrClaimNotValid/,
    cause: 'the disk names no storage class, and none is the default, or CDI does not know what the class can do',
    remedies: [
      'kubectl patch storageclass longhorn -p \'{"metadata":{"annotations":{"storageclass.kubernetes.io/is-default-class":"true"}}}\'',
      'kubectl get storageprofile -o yaml          what CDI knows of each class',
    ],
  },
  {
    id: 72,
    title: 'Disk waits for its first user',
    seen: 'phase of a DataVolume',
    cause: 'its storage class makes a volume only when a pod uses it, and nothing uses this one yet',
    remedies: [
      'virtctl -n {namespace} start VM          the machine that uses it',
      'kubectl -n {namespace} annotate datavolume {name} cdi.kubevirt.io/storage.bind.immediate.requested=true',
    ],
  },
  {
    id: 73,
    title: 'No scratch space',
    seen: 'DataVolume in ImportScheduled, its importer Pending',
    pattern: /ErrExceededQuota|exceeded quota/,
    cause: 'the quota of the namespace leaves no room for the scratch space that the import needs beside the disk',
    remedies: [
      'kubectl -n {namespace} describe resourcequota          what is taken of it',
      'kubectl patch cdi cdi --type merge -p \'{"spec":{"config":{"scratchSpaceStorageClass":"longhorn"}}}\'',
    ],
  },
  {
    id: 74,
    title: 'Registry not trusted',
    seen: 'log of an importer, condition Running of a DataVolume',
    pattern: /server gave HTTP response to HTTPS client|x509: certificate signed by unknown authority/,
    cause:
      'the importer does not trust the registry: it speaks plain HTTP, or its certificate is signed by a CA of your own',
    remedies: [
      'set spec.source.registry.pullMethod: node in the DataVolume          takes the image that the machine has',
      'set spec.source.registry.certConfigMap in the DataVolume          names the CA of the registry',
      'kubectl patch cdi cdi --type merge -p \'{"spec":{"config":{"insecureRegistries":["HOST:PORT"]}}}\'',
    ],
  },
  {
    id: 75,
    title: 'Disk too small',
    seen: 'log of an importer, condition Running of a DataVolume',
    pattern:
      /DataVolume too small to contain image|[Vv]irtual image size \d+ is larger than (the reported )?available storage|PVC size is smaller than/,
    cause: 'the image is larger than the disk, of which the file system takes 6 %',
    remedies: [
      'kubectl -n {namespace} get datavolume {name} -o yaml          make it again, with a larger spec.storage.resources',
    ],
  },
  {
    id: 76,
    title: 'CDI older than before',
    seen: 'condition of CDI, log of cdi-operator',
    pattern: /operator downgraded, will not reconcile/,
    cause: 'an older cdi-operator was installed over a newer CDI, which it refuses to touch',
    remedies: ['novasphere apply PROFILE --only cdi          with the bundle of the newer release'],
  },
  {
    id: 77,
    title: 'Clone impossible',
    seen: 'event or condition of a DataVolume',
    pattern: /ErrIncompatiblePVC|No compatible volumesnapshotclass found|MessageNoVolumeSnapshotClass/,
    cause: 'there is no VolumeSnapshotClass of the driver, or the source does not fit the disk',
    remedies: [
      'kubectl get volumesnapshotclasses          one of driver.longhorn.io is needed',
      'novasphere apply PROFILE --only longhorn          brings the snapshot classes',
    ],
  },
  {
    id: 77,
    title: 'Volume lost',
    seen: 'phase Lost of a PersistentVolumeClaim, event ErrClaimLost of a DataVolume',
    pattern: /ErrClaimLost/,
    cause: 'the volume behind the claim was deleted; its data is gone unless there is a backup',
    remedies: ['kubectl -n {namespace} delete pvc {name}          then restore it from a backup, or make it anew'],
  },
  {
    id: 78,
    title: 'Two default storage classes',
    seen: 'StorageClasses',
    cause: 'with more than one default the newest wins, so a volume may lie anywhere',
    remedies: ['kubectl annotate storageclass {name} storageclass.kubernetes.io/is-default-class=false --overwrite'],
  },
];
