import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { K3sConfig } from './k3s-config.ts';

/** A component that k3s brings, under the name by which `disable:` knows it. */
export interface Addon {
  readonly name: 'coredns' | 'local-storage' | 'metrics-server' | 'traefik';
  readonly objects: readonly KubeObject[];
}

const NAMESPACE = 'kube-system';
/** The tags that manifests/k3s/component.yaml names; the two that the installer disables are those of the same release line. */
const IMAGES = {
  coredns: 'rancher/mirrored-coredns-coredns:1.14.4',
  metrics: 'rancher/mirrored-metrics-server:v0.8.1',
  localPath: 'rancher/local-path-provisioner:v0.0.36',
  traefik: 'rancher/mirrored-library-traefik:3.7.4',
};

/** The add-ons in the order in which k3s deploys them. */
export function addonsFor(config: K3sConfig): Addon[] {
  return [
    { name: 'coredns', objects: coredns(config.clusterDns) },
    { name: 'local-storage', objects: localStorage() },
    { name: 'metrics-server', objects: metricsServer() },
    { name: 'traefik', objects: traefik() },
  ];
}

function coredns(clusterIP: string): KubeObject[] {
  const labels = { 'k8s-app': 'kube-dns' };
  const ports = [
    { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
    { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
    { name: 'metrics', port: 9153, protocol: 'TCP', targetPort: 9153 },
  ];
  return [
    account('coredns'),
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'coredns', namespace: NAMESPACE },
      data: { Corefile: COREFILE },
    },
    deployment('coredns', labels, IMAGES.coredns, {
      readinessProbe: { httpGet: { path: '/ready', port: 8181 }, periodSeconds: 2 },
      resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
    }),
    service(
      'kube-dns',
      { 'k8s-app': 'kube-dns', 'kubernetes.io/name': 'CoreDNS' },
      { clusterIP, selector: labels, ports },
    ),
  ];
}

const COREFILE = `.:53 {
    errors
    health
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
      pods insecure
      fallthrough in-addr.arpa ip6.arpa
    }
    hosts /etc/coredns/NodeHosts {
      ttl 60
      reload 15s
      fallthrough
    }
    prometheus :9153
    cache 30
    loop
    reload
    loadbalance
    forward . /etc/resolv.conf
}
`;

function localStorage(): KubeObject[] {
  return [
    account('local-path-provisioner-service-account'),
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'local-path', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: 'rancher.io/local-path',
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'WaitForFirstConsumer',
    },
    deployment('local-path-provisioner', { app: 'local-path-provisioner' }, IMAGES.localPath, {}),
  ];
}

function metricsServer(): KubeObject[] {
  const labels = { 'k8s-app': 'metrics-server' };
  return [
    account('metrics-server'),
    deployment('metrics-server', labels, IMAGES.metrics, {
      readinessProbe: {
        httpGet: { path: '/readyz', port: 10250, scheme: 'HTTPS' },
        initialDelaySeconds: 10,
        periodSeconds: 2,
      },
      resources: { requests: { cpu: '100m', memory: '70Mi' } },
    }),
    service('metrics-server', labels, {
      selector: labels,
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 10250 }],
    }),
    metricsApi(),
  ];
}

function metricsApi(): KubeObject {
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1beta1.metrics.k8s.io' },
    spec: {
      service: { name: 'metrics-server', namespace: NAMESPACE, port: 443 },
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      insecureSkipTLSVerify: true,
      groupPriorityMinimum: 100,
      versionPriority: 100,
    },
  };
}

function traefik(): KubeObject[] {
  const labels = { 'app.kubernetes.io/name': 'traefik' };
  const ports = [{ name: 'web', port: 80, protocol: 'TCP', targetPort: 8000 }];
  return [
    account('traefik'),
    deployment('traefik', labels, IMAGES.traefik, {}),
    service('traefik', labels, { type: 'LoadBalancer', selector: labels, ports }),
  ];
}

function account(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: NAMESPACE } };
}

function service(name: string, labels: Json, spec: Json): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: NAMESPACE, labels }, spec };
}

function deployment(name: string, labels: Json, image: string, container: Json): KubeObject {
  const tolerations = [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: NAMESPACE, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { tolerations, containers: [{ name, image, imagePullPolicy: 'IfNotPresent', ...container }] },
      },
    },
  };
}
