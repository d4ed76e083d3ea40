import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Wukong, WukongDisk, WukongSpec } from '../../../api/wukong.ts';
import { uidLabel } from '../ownership.ts';
import { diskLabel, policyLabel, sizeAnnotation } from './disk-objects.ts';
import type { DisksSeen } from './seen.ts';

export const uid = '6f1c0f52-6a57-4f6e-9f0e-0d6f6a1c7f11';

export function wukongWith(disks: readonly WukongDisk[], more: Partial<WukongSpec> = {}): Wukong {
  return {
    apiVersion: 'vm.novasphere.dev/v1alpha1',
    kind: 'Wukong',
    metadata: { name: 'press-3', namespace: 'plant', uid, creationTimestamp: '2026-11-21T08:00:00Z' },
    spec: { cpu: 1, memory: '1Gi', disks, ...more },
  };
}

const owner = { apiVersion: 'vm.novasphere.dev/v1alpha1', kind: 'Wukong', name: 'press-3', uid, controller: true };

export function storageClass(name: string, more: Json = {}): KubeObject {
  const { annotations = {}, ...rest } = more;
  const base = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name, annotations } };
  return {
    ...base,
    provisioner: 'driver.longhorn.io',
    allowVolumeExpansion: true,
    volumeBindingMode: 'Immediate',
    ...rest,
  };
}

export const general = storageClass('longhorn', {
  annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
});

interface Has {
  readonly phase?: string;
  readonly request?: string;
  readonly capacity?: string;
  readonly asked?: string;
  readonly class?: string;
  readonly conditions?: readonly Json[];
  readonly accessModes?: readonly string[];
  readonly metadata?: Partial<KubeObject['metadata']>;
}

/** A claim of the disk `data` as it is after it was made and bound. */
export function claimOf(has: Has = {}): KubeObject {
  const { phase = 'Bound', request = '10Gi', capacity = request, conditions } = has;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: 'press-3-data',
      namespace: 'plant',
      uid: 'claim-uid',
      labels: { [diskLabel]: 'data', [policyLabel]: 'Delete', [uidLabel]: uid },
      annotations: { [sizeAnnotation]: has.asked ?? request },
      ownerReferences: [owner],
      ...has.metadata,
    },
    spec: {
      accessModes: has.accessModes ?? ['ReadWriteOnce'],
      volumeMode: 'Filesystem',
      storageClassName: has.class ?? 'longhorn',
      resources: { requests: { storage: request } },
    },
    status: {
      phase,
      ...(phase === 'Bound' ? { capacity: { storage: capacity } } : {}),
      ...(conditions === undefined ? {} : { conditions }),
    },
  };
}

/** The DataVolume of the disk `data`, with such a status. */
export function dataVolumeOf(status: Json, metadata: Partial<KubeObject['metadata']> = {}): KubeObject {
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: {
      name: 'press-3-data',
      namespace: 'plant',
      uid: 'filler-uid',
      labels: { [diskLabel]: 'data', [policyLabel]: 'Delete', [uidLabel]: uid },
      ownerReferences: [owner],
      ...metadata,
    },
    spec: { storage: { resources: { requests: { storage: '10Gi' } } } },
    status,
  };
}

/** As CDI makes it. */
export function filledClaim(has: Has = {}): KubeObject {
  const filler = { apiVersion: 'cdi.kubevirt.io/v1beta1', kind: 'DataVolume', name: 'press-3-data', uid: 'filler-uid' };
  return claimOf({ ...has, metadata: { ownerReferences: [{ ...filler, controller: true }], ...has.metadata } });
}

/** The machine of press-3, with these disks. */
export function machineWith(names: readonly string[], status: Json = {}): KubeObject {
  const disks = names.map((name, index) => ({
    name,
    disk: { bus: 'virtio' },
    ...(index === 0 ? { bootOrder: 1 } : {}),
  }));
  const volumes = names.map((name) => ({ name, persistentVolumeClaim: { claimName: `press-3-${name}` } }));
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name: 'press-3-vm', namespace: 'plant', uid: 'machine-uid' },
    spec: { template: { spec: { domain: { devices: { disks } }, volumes } } },
    status,
  };
}

interface Cluster extends Partial<Omit<DisksSeen, 'claim' | 'dataVolume' | 'profile' | 'claimUsers'>> {
  readonly claims?: readonly KubeObject[];
  readonly dataVolumes?: readonly KubeObject[];
  readonly profiles?: Readonly<Record<string, readonly Json[]>>;
  readonly users?: readonly Wukong[];
}

/** A cluster with CDI and the class `longhorn`, unless something else is said. */
export function seenWith({
  claims = [],
  dataVolumes = [],
  profiles = {},
  users = [],
  ...more
}: Cluster = {}): DisksSeen {
  const named = (objects: readonly KubeObject[]) => (name: string) =>
    objects.find(({ metadata }) => metadata.name === name);
  return {
    claim: named(claims),
    dataVolume: named(dataVolumes),
    storageClasses: [general],
    profile: (name) => {
      const claimPropertySets = profiles[name];
      return claimPropertySets && ({ metadata: { name }, status: { claimPropertySets } } as unknown as KubeObject);
    },
    serves: { dataVolume: true },
    claimUsers: () => users,
    vm: undefined,
    restoring: false,
    ...more,
  };
}
