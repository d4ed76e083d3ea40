import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { environment } from '../node/program.ts';
import { ownerReference } from '../owned-pods.ts';

/** What the operator deploys for an NMState: the handler on every node, and three helpers that run once. */
export function operands(operator: KubeObject, wish: KubeObject): KubeObject[] {
  const container = operator['spec'].containers[0];
  const image = environment(container, 'RELATED_IMAGE_HANDLER_IMAGE');
  const namespace = environment(container, 'HANDLER_NAMESPACE') ?? 'nmstate';
  if (image === undefined) throw new Error('the nmstate-operator has no RELATED_IMAGE_HANDLER_IMAGE');
  const common = { image, namespace, owner: ownerReference(wish), spec: wish['spec'] ?? {} };
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'nmstate-handler', namespace, ownerReferences: [common.owner] },
    },
    handler(common),
    helper(common, 'nmstate-webhook', 'kubernetes-nmstate-webhook'),
    helper(common, 'nmstate-cert-manager', 'kubernetes-nmstate-cert-manager'),
    helper(common, 'nmstate-metrics', 'kubernetes-nmstate-metrics'),
    webhookService(namespace, common.owner),
  ];
}

interface Common {
  readonly image: string;
  readonly namespace: string;
  readonly owner: Json;
  readonly spec: Json;
}

function labelsOf(component: string, name: string): Record<string, string> {
  return { app: 'kubernetes-nmstate', component, name };
}

function handler({ image, namespace, owner, spec }: Common): KubeObject {
  const labels = labelsOf('kubernetes-nmstate-handler', 'nmstate-handler');
  const hostPaths = [
    ['dbus-socket', '/run/dbus/system_bus_socket', 'Socket'],
    ['nmstate-lock', '/var/k8s_nmstate', 'DirectoryOrCreate'],
    ['ovs-socket', '/run/openvswitch', 'DirectoryOrCreate'],
  ] as const;
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'nmstate-handler', namespace, labels, ownerReferences: [owner] },
    spec: {
      selector: { matchLabels: { name: 'nmstate-handler' } },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          dnsPolicy: 'ClusterFirstWithHostNet',
          nodeSelector: spec.nodeSelector ?? { 'kubernetes.io/os': 'linux' },
          priorityClassName: 'system-node-critical',
          serviceAccountName: 'nmstate-handler',
          tolerations: spec.tolerations ?? [{ operator: 'Exists' }],
          containers: [
            {
              name: 'nmstate-handler',
              image,
              imagePullPolicy: 'IfNotPresent',
              args: ['--zap-time-encoding=iso8601'],
              command: ['manager'],
              securityContext: { privileged: true },
              readinessProbe: { exec: { command: ['cat', '/tmp/healthy'] }, initialDelaySeconds: 5, periodSeconds: 5 },
              volumeMounts: hostPaths.map(([name, path]) => ({ name, mountPath: path })),
            },
          ],
          volumes: hostPaths.map(([name, path, type]) => ({ name, hostPath: { path, type } })),
        },
      },
    },
  };
}

function helper({ image, namespace, owner, spec }: Common, name: string, component: string): KubeObject {
  const labels = labelsOf(component, name);
  const tolerations = spec.infraTolerations ?? [
    { key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' },
    { key: 'node-role.kubernetes.io/master', operator: 'Exists', effect: 'NoSchedule' },
  ];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels, ownerReferences: [owner] },
    spec: {
      replicas: 1,
      selector: { matchLabels: { name } },
      template: {
        metadata: { labels },
        spec: {
          nodeSelector: spec.infraNodeSelector ?? { 'kubernetes.io/os': 'linux' },
          priorityClassName: 'system-cluster-critical',
          serviceAccountName: 'nmstate-handler',
          tolerations,
          containers: [
            {
              name,
              image,
              imagePullPolicy: 'IfNotPresent',
              command: ['manager'],
              args: ['--zap-time-encoding=iso8601'],
            },
          ],
        },
      },
    },
  };
}

function webhookService(namespace: string, owner: Json): KubeObject {
  const ports = [{ port: 443, protocol: 'TCP', targetPort: 9443 }];
  const metadata = {
    name: 'nmstate-webhook',
    namespace,
    labels: { app: 'kubernetes-nmstate' },
    ownerReferences: [owner],
  };
  return { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { name: 'nmstate-webhook' }, ports } };
}
