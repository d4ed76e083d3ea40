/** Everything that is looked at, one list each. The first kind of a group version is there when any of it is. */
const table = {
  v1: ['Node', 'Namespace', 'Pod', 'Service', 'PersistentVolumeClaim', 'PersistentVolume', 'Event'],
  'apps/v1': ['Deployment', 'DaemonSet', 'StatefulSet', 'ReplicaSet'],
  'batch/v1': ['Job'],
  'policy/v1': ['PodDisruptionBudget'],
  'storage.k8s.io/v1': ['StorageClass'],
  'discovery.k8s.io/v1': ['EndpointSlice'],
  'admissionregistration.k8s.io/v1': ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'],
  'apiregistration.k8s.io/v1': ['APIService'],
  'apiextensions.k8s.io/v1': ['CustomResourceDefinition'],
  'longhorn.io/v1beta2': ['Volume', 'LonghornNode', 'EngineImage'],
  'k8s.cni.cncf.io/v1': ['NetworkAttachmentDefinition'],
  'nmstate.io/v1': ['NMState', 'NodeNetworkConfigurationPolicy'],
  'nmstate.io/v1beta1': ['NodeNetworkState', 'NodeNetworkConfigurationEnactment'],
  'kubevirt.io/v1': ['KubeVirt', 'VirtualMachine', 'VirtualMachineInstance', 'VirtualMachineInstanceMigration'],
  'cdi.kubevirt.io/v1beta1': ['CDI', 'DataVolume'],
  'cert-manager.io/v1': ['Certificate', 'Issuer', 'ClusterIssuer'],
  'vm.novasphere.dev/v1alpha1': ['Wukong'],
} as const;

type Table = typeof table;

/** A kind by the name under which it is looked up: the one kind whose name is taken twice is called by its owner. */
export type Kind = Table[keyof Table][number];

export const groups: readonly (readonly [string, readonly Kind[]])[] = Object.entries(table);

/** The kind as the API server knows it. */
export function servedAs(kind: Kind): string {
  return kind === 'LonghornNode' ? 'Node' : kind;
}

/** What of a kind is of interest: of events the warnings alone. */
export function selectorOf(kind: Kind): { readonly fieldSelector?: string } {
  return kind === 'Event' ? { fieldSelector: 'type=Warning' } : {};
}
