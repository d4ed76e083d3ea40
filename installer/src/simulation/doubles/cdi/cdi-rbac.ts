import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { cdiLabels, type CdiRelease } from './cdi-release.ts';

const group = 'rbac.authorization.k8s.io';
const apiVersion = `${group}/v1`;

function rule(apiGroup: string, resources: readonly string[], verbs: readonly string[]): Json {
  return { apiGroups: [apiGroup], resources, verbs };
}

const look = ['get', 'list', 'watch'];
const all = [...look, 'create', 'update', 'patch', 'delete'];
const own = rule('cdi.kubevirt.io', ['*'], ['*']);

const rules: Readonly<Record<string, readonly Json[]>> = {
  cdi: [own, rule('', ['pods', 'persistentvolumeclaims', 'persistentvolumes'], all), rule('storage.k8s.io', ['storageclasses', 'csidrivers'], look)],
  'cdi-uploadproxy': [rule('', ['persistentvolumeclaims'], ['get'])],
  'cdi-cronjob': [rule('cdi.kubevirt.io', ['dataimportcrons'], ['get', 'list', 'update'])],
  'cdi.kubevirt.io:admin': [rule('cdi.kubevirt.io', ['datavolumes', 'datasources', 'dataimportcrons'], ['*'])],
  'cdi.kubevirt.io:edit': [rule('cdi.kubevirt.io', ['datavolumes', 'datasources', 'dataimportcrons'], all)],
  'cdi.kubevirt.io:view': [rule('cdi.kubevirt.io', ['datavolumes', 'datasources', 'dataimportcrons'], look)],
  'cdi.kubevirt.io:config-reader': [rule('cdi.kubevirt.io', ['cdiconfigs', 'storageprofiles'], look)],
  'cdi-apiserver': [own, rule('', ['persistentvolumeclaims', 'secrets'], look), rule('authorization.k8s.io', ['subjectaccessreviews'], ['create'])],
};

const groups = ['authenticated', 'serviceaccounts'].map((name) => ({ kind: 'Group', apiGroup: group, name: `system:${name}` }));

/** RBAC objects of CDI by name, to be put in its order of creation. */
export function cdiRbac(release: CdiRelease) {
  const { namespace } = release;
  const labels = cdiLabels(release);
  const account = (name: string) => [{ kind: 'ServiceAccount', name, namespace }];
  const inside = (kind: string, name: string, more: Json = {}): KubeObject => ({
    apiVersion: kind === 'ServiceAccount' ? 'v1' : apiVersion,
    kind,
    metadata: { name, namespace, labels },
    ...more,
  });
  const binding = (role: string, kind: string, subjects: readonly Json[]) => ({ roleRef: { apiGroup: group, kind, name: role }, subjects });
  return {
    account: (name: string) => inside('ServiceAccount', name),
    clusterRole: (name: string): KubeObject => ({ apiVersion, kind: 'ClusterRole', metadata: { name, labels }, rules: rules[name] ?? [] }),
    clusterBinding: (name: string, role: string, serviceAccount = role): KubeObject => ({
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name, labels },
      ...binding(role, 'ClusterRole', role === 'cdi.kubevirt.io:config-reader' ? groups : account(serviceAccount)),
    }),
    role: (name: string) => inside('Role', name, { rules: [rule('', ['configmaps', 'secrets'], all), rule('coordination.k8s.io', ['leases'], all)] }),
    roleBinding: (name: string, serviceAccount: string) => inside('RoleBinding', name, binding(name, 'Role', account(serviceAccount))),
  };
}
