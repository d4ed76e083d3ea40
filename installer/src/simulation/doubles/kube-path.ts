import type { Json } from '#kube/json';

/** Kinds that live outside namespaces, so far as doubles make them. */
const CLUSTER_WIDE = new Set([
  'APIService',
  'CDI',
  'CDIConfig',
  'CSIDriver',
  'CSINode',
  'ClusterIssuer',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'MigrationPolicy',
  'MutatingWebhookConfiguration',
  'NMState',
  'Namespace',
  'Node',
  'NodeNetworkConfigurationEnactment',
  'NodeNetworkConfigurationPolicy',
  'NodeNetworkState',
  'ObjectTransfer',
  'PersistentVolume',
  'PriorityClass',
  'StorageClass',
  'StorageProfile',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VirtualMachineClusterInstancetype',
  'VirtualMachineClusterPreference',
  'VolumeAttachment',
  'VolumeSnapshotClass',
  'VolumeSnapshotContent',
]);

/** Where a kind or an object is served: `/apis/apps/v1/namespaces/x/deployments/y`. */
export function pathOf(object: Json, what: 'object' | 'collection' = 'object'): string {
  const { name, namespace } = object.metadata;
  // Longhorn's nodes live in a namespace, Kubernetes' own do not: a namespace that is named decides.
  const clusterWide = namespace === undefined && CLUSTER_WIDE.has(object.kind);
  const collection = clusterWide
    ? kindPath(object.apiVersion, object.kind)
    : kindPath(object.apiVersion, object.kind, namespace ?? 'default');
  return what === 'object' ? `${collection}/${name}` : collection;
}

/** The collection of a kind, in all namespaces or in one: `kindPath('apps/v1', 'Deployment')`. */
export function kindPath(apiVersion: string, kind: string, namespace?: string): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const inside = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return `${root}${inside}/${plural(kind)}`;
}

function plural(kind: string): string {
  // The one kind among all components whose plural is not its name in lower case.
  if (kind === 'NetworkAttachmentDefinition') return 'network-attachment-definitions';
  const word = kind.toLowerCase();
  if (/(s|x|ch|sh)$/.test(word)) return word === 'endpoints' || word.endsWith('headers') ? word : `${word}es`;
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}
