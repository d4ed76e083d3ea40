import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { type CdiRelease, cdiLabels } from './cdi-release.ts';

type Part = 'cdi-apiserver' | 'cdi-deployment' | 'cdi-uploadproxy';

const secrets: Readonly<Record<Part, readonly string[]>> = {
  'cdi-apiserver': ['cdi-apiserver-signer-bundle', 'cdi-apiserver-server-cert'],
  'cdi-deployment': ['cdi-api-signing-key', 'cdi-uploadserver-signer', 'cdi-uploadserver-client-signer'],
  'cdi-uploadproxy': ['cdi-uploadproxy-server-cert', 'cdi-uploadserver-client-cert'],
};
const accounts: Readonly<Record<Part, string>> = {
  'cdi-apiserver': 'cdi-apiserver',
  'cdi-deployment': 'cdi-sa',
  'cdi-uploadproxy': 'cdi-uploadproxy',
};

function environment(release: CdiRelease, part: Part): readonly Json[] {
  if (part === 'cdi-uploadproxy') {
    return [
      { name: 'APISERVER_PUBLIC_KEY', valueFrom: { secretKeyRef: { name: 'cdi-api-signing-key', key: 'id_rsa.pub' } } },
    ];
  }
  if (part === 'cdi-apiserver') return [];
  return [
    { name: 'IMPORTER_IMAGE', value: release.images.importer },
    { name: 'CLONER_IMAGE', value: release.images.cloner },
    { name: 'UPLOADSERVER_IMAGE', value: release.images.uploadserver },
    { name: 'UPLOADPROXY_SERVICE', value: 'cdi-uploadproxy' },
    { name: 'OVIRT_POPULATOR_IMAGE', value: release.images.importer },
    { name: 'PULL_POLICY', value: release.pullPolicy },
  ];
}

function volume(name: string): Json {
  return name.endsWith('-bundle') ? { name, configMap: { name } } : { name, secret: { secretName: name } };
}

function container(release: CdiRelease, part: Part, image: string): Json {
  const exec = { exec: { command: ['cat', '/tmp/ready'] } };
  const ready = part === 'cdi-deployment' ? exec : { httpGet: { path: '/healthz', port: 8443, scheme: 'HTTPS' } };
  return {
    name: part,
    image,
    imagePullPolicy: release.pullPolicy,
    args: ['-v=1'],
    env: environment(release, part),
    readinessProbe: { ...ready, initialDelaySeconds: 2, periodSeconds: 5 },
    resources: { requests: { cpu: '100m', memory: '150Mi' } },
  };
}

/** One of CDI's three Deployments. */
export function cdiDeployment(release: CdiRelease, part: Part, image: string, replicas: number): KubeObject {
  const labels = cdiLabels(release, part);
  const spec = {
    serviceAccountName: accounts[part],
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    containers: [container(release, part, image)],
    volumes: secrets[part].map(volume),
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: part, namespace: release.namespace, labels },
    spec: {
      replicas,
      selector: { matchLabels: { 'cdi.kubevirt.io': part } },
      template: { metadata: { labels }, spec },
    },
  };
}

/** A Service of CDI. */
export function cdiService(
  release: CdiRelease,
  name: string,
  selector: Readonly<Record<string, string>>,
  port: Json,
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: release.namespace, labels: cdiLabels(release) },
    spec: { type: 'ClusterIP', selector, ports: [{ protocol: 'TCP', ...port }] },
  };
}
