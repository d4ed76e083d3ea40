import { atOnce } from '#engine/at-once';
import type { Json } from '#kube/json';
import type { ClusterSight, KubeObject } from '#ports/cluster';

/** A kind, and where it is served. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}

const limit = 8;

/** The kinds that manifests and operators of the platform make, in the order in which they are taken away. */
export const plainKinds: readonly Kind[] = [
  { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration' },
  { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration' },
  { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingAdmissionPolicyBinding' },
  { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingAdmissionPolicy' },
  { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService' },
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  { apiVersion: 'batch/v1', kind: 'Job' },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
  { apiVersion: 'v1', kind: 'Service' },
  { apiVersion: 'v1', kind: 'ConfigMap' },
  { apiVersion: 'v1', kind: 'Secret' },
  { apiVersion: 'v1', kind: 'ServiceAccount' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole' },
  { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass' },
  { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' },
  { apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver' },
];

const definitionKind: Kind = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };

/** The definitions of kinds whose group is one of these. */
export async function definitionsOf(
  cluster: ClusterSight,
  isGroup: (group: string) => boolean,
): Promise<readonly KubeObject[]> {
  const all: readonly Json[] = await cluster.list(definitionKind);
  return all.filter(({ spec }) => isGroup(spec.group));
}

/** A kind as its definition serves it. */
export function kindOf({ spec }: Json): Kind {
  const version = spec.versions.find((one: Json) => one.storage) ?? spec.versions[0];
  return { apiVersion: `${spec.group}/${version.name}`, kind: spec.names.kind };
}

/** Every object of these kinds that is there. */
export async function allOf(
  cluster: ClusterSight,
  kinds: readonly Kind[],
  labelSelector?: string,
): Promise<readonly KubeObject[]> {
  const label = labelSelector === undefined ? {} : { labelSelector };
  const found = await atOnce(limit, kinds, (kind) => cluster.list({ ...kind, ...label }));
  return found.flat();
}
