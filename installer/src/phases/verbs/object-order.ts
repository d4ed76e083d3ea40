import type { KubeObject } from '#ports/cluster';

const kinds: readonly (readonly string[])[] = [
  ['CustomResourceDefinition'],
  ['Namespace', 'PriorityClass'],
  ['ServiceAccount', 'ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  ['ConfigMap', 'Secret', 'Service', 'NetworkPolicy', 'StorageClass', 'PodDisruptionBudget', 'PersistentVolumeClaim'],
  ['Deployment', 'DaemonSet', 'StatefulSet', 'Job', 'CronJob', 'Pod'],
  ['APIService', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
];
const ranks = new Map(kinds.flatMap((group, rank) => group.map((kind) => [kind, rank] as const)));

/** Objects in groups that may be applied at once; each group needs those before it. Custom resources come last. */
export function inRanks(objects: readonly KubeObject[]): readonly (readonly KubeObject[])[] {
  const groups: KubeObject[][] = Array.from({ length: kinds.length + 1 }, () => []);
  for (const object of objects) groups[ranks.get(object.kind) ?? kinds.length]?.push(object);
  return groups.filter((group) => group.length > 0);
}
