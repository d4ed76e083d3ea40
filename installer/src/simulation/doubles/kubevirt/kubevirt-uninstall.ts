import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { kindPath, pathOf } from '../kube-path.ts';
import { deleting } from './kubevirt-status.ts';

const owned = { labelSelector: 'app.kubernetes.io/managed-by=virt-operator' };

/** What is taken away, in this order: nobody may ask a webhook that is gone, and the kinds go last. */
const kinds: readonly (readonly [apiVersion: string, kind: string])[] = [
  ['admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration'],
  ['admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration'],
  ['admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicyBinding'],
  ['admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy'],
  ['apiregistration.k8s.io/v1', 'APIService'],
  ['policy/v1', 'PodDisruptionBudget'],
  ['apps/v1', 'DaemonSet'],
  ['apps/v1', 'Deployment'],
  ['v1', 'Service'],
  ['v1', 'Secret'],
  ['v1', 'ConfigMap'],
  ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
  ['rbac.authorization.k8s.io/v1', 'Role'],
  ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'],
  ['rbac.authorization.k8s.io/v1', 'ClusterRole'],
  ['v1', 'ServiceAccount'],
  ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
];

/** Takes KubeVirt off: everything that virt-operator made, then its finalizer. */
export async function uninstallKubevirt(stage: Stage, kubevirt: KubeObject): Promise<void> {
  await stage.api.patchStatus(pathOf(kubevirt), deleting(kubevirt, stage.now()));
  for (const [apiVersion, kind] of kinds) {
    await stage.pause(0.3);
    const { items } = await stage.api.list(kindPath(apiVersion, kind), owned);
    for (const { metadata } of items) await stage.api.remove(pathOf({ apiVersion, kind, metadata }));
  }
  await stage.pause(3);
  await stage.api.patchStatus(pathOf(kubevirt), { phase: 'Deleted' });
  const finalizers = (kubevirt.metadata.finalizers ?? []).filter((one) => one !== 'foregroundDeleteKubeVirt');
  await stage.api.patch(pathOf(kubevirt), { metadata: { finalizers } });
}
