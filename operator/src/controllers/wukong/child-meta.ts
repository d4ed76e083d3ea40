import type { KubeObject } from '#kube/object';
import { apiVersion, type Wukong } from '../../api/wukong.ts';

/** Name, labels and owner of everything that exists because of a Wukong. */
export function childMeta(
  wukong: Wukong,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): KubeObject['metadata'] {
  return {
    name,
    ...(wukong.metadata.namespace === undefined ? {} : { namespace: wukong.metadata.namespace }),
    labels: {
      'app.kubernetes.io/managed-by': 'novasphere-operator',
      'app.kubernetes.io/name': 'wukong',
      'app.kubernetes.io/instance': wukong.metadata.name,
      'vm.novasphere.dev/wukong': wukong.metadata.name,
      ...labels,
    },
    ownerReferences: [
      {
        apiVersion,
        kind: 'Wukong',
        name: wukong.metadata.name,
        uid: wukong.metadata.uid ?? '',
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
  };
}
