import type { KubeObject, ObjectRef } from '#ports/cluster';

const namespace = 'longhorn-system';
const account = 'longhorn-uninstall-service-account';
const role = 'longhorn-uninstall-role';

export const uninstallJob: ObjectRef = { apiVersion: 'batch/v1', kind: 'Job', namespace, name: 'longhorn-uninstall' };

const all = ['*'];
const rules = [
  { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: all },
  {
    apiGroups: [''],
    resources: [
      'pods',
      'persistentvolumes',
      'persistentvolumeclaims',
      'nodes',
      'configmaps',
      'secrets',
      'services',
      'endpoints',
    ],
    verbs: all,
  },
  { apiGroups: ['apps'], resources: ['daemonsets', 'statefulsets', 'deployments'], verbs: all },
  { apiGroups: ['batch'], resources: ['jobs', 'cronjobs'], verbs: all },
  { apiGroups: ['policy'], resources: ['poddisruptionbudgets'], verbs: all },
  { apiGroups: ['scheduling.k8s.io'], resources: ['priorityclasses'], verbs: ['watch', 'list'] },
  { apiGroups: ['storage.k8s.io'], resources: ['csidrivers', 'storageclasses', 'volumeattachments'], verbs: all },
  { apiGroups: ['longhorn.io'], resources: all, verbs: all },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: all },
  {
    apiGroups: ['admissionregistration.k8s.io'],
    resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
    verbs: ['get', 'delete'],
  },
];

/** What Longhorn publishes for its removal beside each release (uninstall/uninstall.yaml), with the image that runs. */
export function uninstallObjects(image: string): readonly KubeObject[] {
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account, namespace } },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: role }, rules },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'longhorn-uninstall-bind' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
      subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
    },
    job(image),
  ];
}

function job(image: string): KubeObject {
  const { name } = uninstallJob;
  const container = {
    name,
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['longhorn-manager', 'uninstall', '--force'],
    env: [{ name: 'LONGHORN_NAMESPACE', value: namespace }],
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace },
    spec: {
      activeDeadlineSeconds: 900,
      backoffLimit: 1,
      template: {
        metadata: { name },
        spec: {
          containers: [container],
          restartPolicy: 'Never',
          serviceAccountName: account,
          tolerations: [{ operator: 'Exists' }],
        },
      },
    },
  };
}
