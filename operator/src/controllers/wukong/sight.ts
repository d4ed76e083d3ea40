import type { KubeObject } from '#kube/object';

/** What the operator keeps copies of. */
export const kinds = {
  Wukong: 'vm.novasphere.dev/v1alpha1',
  WukongSnapshot: 'vm.novasphere.dev/v1alpha1',
  VirtualMachine: 'kubevirt.io/v1',
  VirtualMachineInstance: 'kubevirt.io/v1',
  KubeVirt: 'kubevirt.io/v1',
  DataVolume: 'cdi.kubevirt.io/v1beta1',
  StorageProfile: 'cdi.kubevirt.io/v1beta1',
  PersistentVolumeClaim: 'v1',
  StorageClass: 'storage.k8s.io/v1',
  Secret: 'v1',
  NetworkAttachmentDefinition: 'k8s.cni.cncf.io/v1',
  NodeNetworkConfigurationPolicy: 'nmstate.io/v1',
  NodeNetworkState: 'nmstate.io/v1beta1',
  Node: 'v1',
  VirtualMachineSnapshot: 'snapshot.kubevirt.io/v1beta1',
  VirtualMachineRestore: 'snapshot.kubevirt.io/v1beta1',
} as const;

export type Kind = keyof typeof kinds;

/** The copies as a pass reads them: never the server itself. Secrets are there without their data. */
export interface Sight {
  get(kind: Kind, namespace: string | undefined, name: string): KubeObject | undefined;
  all(kind: Kind): readonly KubeObject[];
  /** Those for which an index holds a value. */
  by(kind: Kind, index: string, value: string): readonly KubeObject[];
  /** Whether the API server serves the kind now. */
  serves(kind: Kind): boolean;
}
