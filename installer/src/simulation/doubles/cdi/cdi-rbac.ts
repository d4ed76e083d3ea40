import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { type CdiRelease, cdiLabels } from './cdi-release.ts';

const group = 'rbac.authorization.k8s.io';
const apiVersion = `${group}/v1`;

function rule(apiGroup: string, resources: readonly string[], verbs: readonly string[]): Json {
  return { apiGroups: [apiGroup], resources, verbs };
}

const look = ['get', 'list', 'watch'];
const all = [...look, 'create', 'update', 'patch', 'delete'];
const own = rule('cdi.kubevirt.io', ['*'], ['*']);

const rules: Readonly<Record<string, readonly Json[]>> = {
  cdi: [
    own,
    rule('', ['pods', 'persistentvolumeclaims', 'persistentvolumes'], all),
    rule('storage.k8s.io', ['storageclasses', 'csidrivers'], look),
  ],
  'cdi-uploadproxy': [rule('', ['persistentvolumeclaims'], ['get'])],
  'cdi-cronjob': [rule('cdi.kubevirt.io', ['dataimportcrons'], ['get', 'list', 'update'])],
  'cdi.kubevirt.io:admin': [rule('cdi.kubevirt.io', ['datavolumes', 'datasources', 'dataimportcrons'], ['*'])],
  'cdi.kubevirt.io:edit': [rule('cdi.kubevirt.io', ['datavolumes', 'datasources', 'dataimportcrons'], all)],
  'cdi.kubevirt.io:view': [rule('cdi.kubevirt.io', ['datavolumes', 'datasources', 'dataimportcrons'], look)],
  'cdi.kubevirt.io:config-reader': [rule('cdi.kubevirt.io', ['cdiconfigs', 'storageprofiles'], look)],
  'cdi-apiserver': [
    own,
    rule('', ['persistentvolumeclaims', 'secrets'], look),
    rule('authorization.k8s.io', ['subjectaccessreviews'], ['create']),
  ],
};

const groups = ['authenticated', 'serviceaccount'].map((name) => ({
  kind: 'Group',
  apiGroup: group,
  name: `system:${name}`,
}));

const inNamespace = [rule('', ['configmaps', 'secrets'], all), rule('coordination.k8s.io', ['leases'], all)];

function bound(role: string, kind: string, subjects: readonly Json[]): Json {
  return { roleRef: { apiGroup: group, kind, name: role }, subjects };
}

/** RBAC objects of CDI by name, to be put in its order of creation. */
export function cdiRbac(release: CdiRelease) {
  const labels = cdiLabels(release);
  const account = (name: string) => [{ kind: 'ServiceAccount', name, namespace: release.namespace }];
  const wide = (kind: string, name: string, more: Json): KubeObject => ({
    apiVersion,
    kind,
    metadata: { name, labels },
    ...more,
  });
  const inside = (kind: string, name: string, more: Json = {}): KubeObject => ({
    apiVersion: kind === 'ServiceAccount' ? 'v1' : apiVersion,
    kind,
    metadata: { name, namespace: release.namespace, labels },
    ...more,
  });
  return {
    account: (name: string) => inside('ServiceAccount', name),
    clusterRole: (name: string) => wide('ClusterRole', name, { rules: rules[name] ?? [] }),
    clusterBinding: (name: string, role: string, serviceAccount = role) => {
      const subjects = role === 'cdi.kubevirt.io:config-reader' ? groups : account(serviceAccount);
      return wide('ClusterRoleBinding', name, bound(role, 'ClusterRole', subjects));
    },
    role: (name: string) => inside('Role', name, { rules: inNamespace }),
    roleBinding: (name: string, serviceAccount: string) =>
      inside('RoleBinding', name, bound(name, 'Role', account(serviceAccount))),
  };
}
