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

const HOST_PATHS = [
  ['dbus-socket', '/run/dbus/system_bus_socket', 'Socket'],
  ['nmstate-lock', '/var/k8s_nmstate', 'DirectoryOrCreate'],
  ['ovs-socket', '/run/openvswitch', 'DirectoryOrCreate'],
] as const;

function handler(common: Common): KubeObject {
  const { image, spec } = common;
  const container = {
    ...program('nmstate-handler', image),
    securityContext: { privileged: true },
    readinessProbe: { exec: { command: ['cat', '/tmp/healthy'] }, initialDelaySeconds: 5, periodSeconds: 5 },
    volumeMounts: HOST_PATHS.map(([name, path]) => ({ name, mountPath: path })),
  };
  const pod = {
    hostNetwork: true,
    dnsPolicy: 'ClusterFirstWithHostNet',
    nodeSelector: spec.nodeSelector ?? LINUX,
    priorityClassName: 'system-node-critical',
    serviceAccountName: 'nmstate-handler',
    tolerations: spec.tolerations ?? [{ operator: 'Exists' }],
    containers: [container],
    volumes: HOST_PATHS.map(([name, path, type]) => ({ name, hostPath: { path, type } })),
  };
  const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } };
  return workload(common, 'DaemonSet', 'nmstate-handler', 'kubernetes-nmstate-handler', pod, { updateStrategy });
}

function helper(common: Common, name: string, component: string): KubeObject {
  const { image, spec } = common;
  const pod = {
    nodeSelector: spec.infraNodeSelector ?? LINUX,
    priorityClassName: 'system-cluster-critical',
    serviceAccountName: 'nmstate-handler',
    tolerations: spec.infraTolerations ?? CONTROL_PLANE,
    containers: [program(name, image)],
  };
  return workload(common, 'Deployment', name, component, pod, { replicas: 1 });
}

const LINUX = { 'kubernetes.io/os': 'linux' };
const CONTROL_PLANE = ['control-plane', 'master'].map((role) => ({
  key: `node-role.kubernetes.io/${role}`,
  operator: 'Exists',
  effect: 'NoSchedule',
}));

function program(name: string, image: string): Json {
  return { name, image, imagePullPolicy: 'IfNotPresent', command: ['manager'], args: ['--zap-time-encoding=iso8601'] };
}

function workload(common: Common, kind: string, name: string, component: string, pod: Json, more: Json): KubeObject {
  const labels = labelsOf(component, name);
  const { namespace, owner } = common;
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace, labels, ownerReferences: [owner] },
    spec: { ...more, selector: { matchLabels: { name } }, template: { metadata: { labels }, spec: pod } },
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
