import type { KubeObject } from '#kube/object';
import { apiVersion } from '../../api/wukong.ts';
import type { WukongSnapshot } from '../../api/wukong-snapshot.ts';

/** KubeVirt's snapshot of the same name: however often it is asked for, there is one. */
export function snapshotObject({ metadata, spec }: WukongSnapshot): KubeObject {
  const { name, namespace, uid = '' } = metadata;
  const owner = { apiVersion, kind: 'WukongSnapshot', name, uid, controller: true, blockOwnerDeletion: true };
  return {
    apiVersion: 'snapshot.kubevirt.io/v1beta1',
    kind: 'VirtualMachineSnapshot',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: {
        'app.kubernetes.io/managed-by': 'novasphere-operator',
        'app.kubernetes.io/name': 'wukong',
        'app.kubernetes.io/instance': spec.wukongName,
        'vm.novasphere.dev/wukong': spec.wukongName,
      },
      ownerReferences: [owner],
    },
    spec: {
      deletionPolicy: spec.deletionPolicy ?? 'Delete',
      failureDeadline: deadlineOf(spec),
      source: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: `${spec.wukongName}-vm` },
    },
  };
}

export function deadlineOf({ failureDeadline = '5m' }: WukongSnapshot['spec']): string {
  return failureDeadline;
}
