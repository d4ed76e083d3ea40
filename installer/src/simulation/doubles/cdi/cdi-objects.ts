import type { KubeObject } from '#kube/object';
import { certificate } from '../pem.ts';
import { platformCrd } from '../platform-crd.ts';
import { cdiKinds } from './cdi-kinds.ts';
import { cdiRbac } from './cdi-rbac.ts';
import { type CdiRelease, cdiLabels } from './cdi-release.ts';
import { cdiWebhooks } from './cdi-webhooks.ts';
import { cdiDeployment, cdiService } from './cdi-workloads.ts';

const views = ['admin', 'edit', 'view', 'config-reader'].map((name) => `cdi.kubevirt.io:${name}`);

function rights(release: CdiRelease): readonly KubeObject[] {
  const { clusterRole, clusterBinding } = cdiRbac(release);
  return [
    clusterRole('cdi-uploadproxy'),
    clusterBinding('cdi-uploadproxy', 'cdi-uploadproxy'),
    clusterRole('cdi-cronjob'),
    clusterBinding('cdi-cronjob', 'cdi-cronjob'),
    ...views.map(clusterRole),
    clusterBinding('cdi.kubevirt.io:config-reader', 'cdi.kubevirt.io:config-reader'),
    clusterRole('cdi-apiserver'),
    clusterBinding('cdi-apiserver', 'cdi-apiserver'),
  ];
}

function components(release: CdiRelease): readonly KubeObject[] {
  const { account, role, roleBinding } = cdiRbac(release);
  const { images, replicas } = release;
  const https = { port: 443, targetPort: 8443 };
  return [
    account('cdi-apiserver'),
    roleBinding('cdi-apiserver', 'cdi-apiserver'),
    role('cdi-apiserver'),
    cdiService(release, 'cdi-api', { 'cdi.kubevirt.io': 'cdi-apiserver' }, https),
    cdiDeployment(release, 'cdi-apiserver', images.apiserver, replicas.apiserver),
    account('cdi-sa'),
    roleBinding('cdi-deployment', 'cdi-sa'),
    role('cdi-deployment'),
    cdiDeployment(release, 'cdi-deployment', images.controller, replicas.deployment),
    cdiService(
      release,
      'cdi-prometheus-metrics',
      { 'prometheus.cdi.kubevirt.io': 'true' },
      { name: 'metrics', port: 8443, targetPort: 'metrics' },
    ),
    account('cdi-uploadproxy'),
    cdiService(release, 'cdi-uploadproxy', { 'cdi.kubevirt.io': 'cdi-uploadproxy' }, https),
    roleBinding('cdi-uploadproxy', 'cdi-uploadproxy'),
    role('cdi-uploadproxy'),
    cdiDeployment(release, 'cdi-uploadproxy', images.uploadproxy, replicas.uploadproxy),
    account('cdi-cronjob'),
  ];
}

function certificates(release: CdiRelease): readonly KubeObject[] {
  const { namespace } = release;
  const labels = cdiLabels(release);
  const pair = (name: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: { name, namespace, labels },
    data: { 'tls.crt': btoa(certificate(name)), 'tls.key': btoa(certificate(name, 'PRIVATE KEY')) },
  });
  const signer = (name: string): readonly KubeObject[] => [
    pair(`${name}-signer`),
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `${name}-signer-bundle`, namespace, labels },
      data: { 'ca-bundle.crt': certificate(`${name}-signer`) },
    },
  ];
  return [
    ...signer('cdi-apiserver'),
    pair('cdi-apiserver-server-cert'),
    ...signer('cdi-uploadproxy'),
    pair('cdi-uploadproxy-server-cert'),
    ...signer('cdi-uploadserver'),
    ...signer('cdi-uploadserver-client'),
    pair('cdi-uploadserver-client-cert'),
  ];
}

/** Everything that cdi-operator creates, in its order (recorded of v1.65.0). */
export function cdiObjects(release: CdiRelease): readonly KubeObject[] {
  const { clusterRole, clusterBinding } = cdiRbac(release);
  const labels = cdiLabels(release);
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'cdi-config',
        namespace: release.namespace,
        labels: { ...labels, 'operator.cdi.kubevirt.io': '' },
      },
    },
    clusterRole('cdi'),
    clusterBinding('cdi-sa', 'cdi', 'cdi-sa'),
    ...cdiKinds.map((kind) => platformCrd(kind, { labels })),
    ...rights(release),
    ...components(release),
    ...cdiWebhooks(release),
    ...certificates(release),
  ];
}
