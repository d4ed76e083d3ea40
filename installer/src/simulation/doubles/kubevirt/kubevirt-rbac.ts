import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { type KubevirtRelease, operatorMetadata } from './kubevirt-release.ts';

const group = 'rbac.authorization.k8s.io';
const apiVersion = `${group}/v1`;
const components = ['apiserver', 'controller', 'handler', 'exportproxy', 'synchronization-controller'];

const machines = ['virtualmachines', 'virtualmachineinstances', 'virtualmachineinstancemigrations'];

function rule(apiGroup: string, resources: readonly string[], verbs: readonly string[]): Json {
  return { apiGroups: [apiGroup], resources, verbs };
}

const look = ['get', 'list', 'watch'];
const all = [...look, 'create', 'update', 'patch', 'delete'];

/** Cluster roles in the order of creation, each with the rules that say what it is for. */
const clusterRoles: readonly (readonly [string, readonly Json[]])[] = [
  ['kubevirt.io:default', [rule('subresources.kubevirt.io', ['version', 'guestfs'], ['get', 'list'])]],
  ['kubevirt.io:admin', [rule('kubevirt.io', machines, [...all, 'deletecollection'])]],
  ['kubevirt.io:edit', [rule('kubevirt.io', machines, all)]],
  ['kubevirt.io:view', [rule('kubevirt.io', machines, look)]],
  ['instancetype.kubevirt.io:view', [rule('instancetype.kubevirt.io', ['*'], look)]],
  ['kubevirt.io:migrate', [rule('kubevirt.io', ['virtualmachineinstancemigrations'], all)]],
  ['kubevirt-apiserver', [rule('kubevirt.io', ['*'], look), rule('', ['pods', 'nodes'], look)]],
  ['kubevirt-controller', [rule('kubevirt.io', ['*'], ['*']), rule('', ['pods', 'persistentvolumeclaims'], all)]],
  [
    'kubevirt-handler',
    [rule('kubevirt.io', machines, [...look, 'update', 'patch']), rule('', ['nodes'], ['get', 'patch'])],
  ],
  ['kubevirt-exportproxy', [rule('export.kubevirt.io', ['virtualmachineexports'], look)]],
  ['kubevirt-synchronization-controller', [rule('kubevirt.io', machines, look)]],
];

const account = (component: string, namespace: string) => [
  { kind: 'ServiceAccount', name: `kubevirt-${component}`, namespace },
];
const everyone = (names: readonly string[]) =>
  names.map((name) => ({ kind: 'Group', apiGroup: group, name: `system:${name}` }));

function clusterBindings(namespace: string): readonly (readonly [string, string, readonly Json[]])[] {
  const own = (component: string) =>
    [`kubevirt-${component}`, `kubevirt-${component}`, account(component, namespace)] as const;
  return [
    ['kubevirt.io:default', 'kubevirt.io:default', everyone(['authenticated'])],
    ['instancetype.kubevirt.io:view', 'instancetype.kubevirt.io:view', everyone(['authenticated'])],
    own('apiserver'),
    ['kubevirt-apiserver-auth-delegator', 'system:auth-delegator', account('apiserver', namespace)],
    ...components.slice(1).map(own),
  ];
}

function inNamespace(release: KubevirtRelease): readonly KubeObject[] {
  const { namespace } = release;
  const metadata = (component: string) => ({ ...operatorMetadata(release), name: `kubevirt-${component}`, namespace });
  const rules = [rule('', ['configmaps', 'secrets'], look), rule('coordination.k8s.io', ['leases'], all)];
  const roleRef = (component: string) => ({ apiGroup: group, kind: 'Role', name: `kubevirt-${component}` });
  return [
    ...components.map((one) => ({ apiVersion, kind: 'Role', metadata: metadata(one), rules })),
    ...components.map((one) => ({
      apiVersion,
      kind: 'RoleBinding',
      metadata: metadata(one),
      roleRef: roleRef(one),
      subjects: account(one, namespace),
    })),
  ];
}

/** Service accounts, cluster roles, their bindings, roles and their bindings: in virt-operator's order. */
export function kubevirtRbac(release: KubevirtRelease): readonly KubeObject[] {
  const { namespace } = release;
  const shared = operatorMetadata(release);
  return [
    ...components.map((one) => ({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { ...shared, name: `kubevirt-${one}`, namespace },
    })),
    ...clusterRoles.map(([name, rules]) => ({ apiVersion, kind: 'ClusterRole', metadata: { ...shared, name }, rules })),
    ...clusterBindings(namespace).map(([name, role, subjects]) => ({
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { ...shared, name },
      roleRef: { apiGroup: group, kind: 'ClusterRole', name: role },
      subjects,
    })),
    ...inNamespace(release),
  ];
}
