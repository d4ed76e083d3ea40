import type { KubeObject } from '#kube/object';
import { certificate } from '../pem.ts';
import { type KubevirtRelease, operatorMetadata } from './kubevirt-release.ts';

const metrics = { 'prometheus.kubevirt.io': 'true' };
const https = [{ port: 443, protocol: 'TCP', targetPort: 8443 }];
const named = (name: string) => [{ name, port: 443, protocol: 'TCP', targetPort: name }];
const called = (name: string) => ({ 'kubevirt.io': name });

function services(release: KubevirtRelease): readonly KubeObject[] {
  const service = (name: string, labels: Record<string, string>, spec: Record<string, unknown>) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...operatorMetadata(release, labels), name, namespace: release.namespace },
    spec: { type: 'ClusterIP', ...spec },
  });
  const headless = { clusterIP: 'None', selector: metrics, ports: named('metrics') };
  const operator = { selector: called('virt-operator'), ports: named('webhooks') };
  const own = (name: string) => service(name, called(name), { selector: called(name), ports: https });
  return [
    service('kubevirt-prometheus-metrics', { ...called(''), ...metrics }, headless),
    own('virt-api'),
    service('kubevirt-operator-webhook', { ...called(''), ...metrics }, operator),
    own('virt-exportproxy'),
  ];
}

const admission = 'admissionregistration.k8s.io/v1';
const restriction = 'kubevirt-node-restriction';
const nodes = { apiGroups: [''], apiVersions: ['*'], operations: ['UPDATE'], resources: ['nodes'], scope: '*' };
const sameSpec = {
  expression: 'object.spec == oldObject.spec',
  message: 'this user cannot modify spec of node',
  reason: 'Forbidden',
};

function restrictionBinding(release: KubevirtRelease): KubeObject {
  return {
    apiVersion: admission,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { ...operatorMetadata(release, called(restriction)), name: `${restriction}-binding` },
    spec: {
      policyName: `${restriction}-policy`,
      validationActions: ['Deny'],
      matchResources: { resourceRules: [{ ...nodes, operations: ['*'] }] },
    },
  };
}

function restrictionPolicy(release: KubevirtRelease): KubeObject {
  const handler = `request.userInfo.username == "system:serviceaccount:${release.namespace}:kubevirt-handler"`;
  return {
    apiVersion: admission,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { ...operatorMetadata(release, {}), name: `${restriction}-policy` },
    spec: {
      failurePolicy: 'Fail',
      matchConditions: [{ name: 'virt-handler-user-only', expression: handler }],
      matchConstraints: { resourceRules: [nodes] },
      validations: [sameSpec],
    },
  };
}

function authorities(release: KubevirtRelease): readonly KubeObject[] {
  const own = operatorMetadata(release, {});
  const bundle = (name: string, text: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...own, name, namespace: release.namespace },
    data: { 'ca-bundle': text },
  });
  const names = ['kubevirt-ca', 'kubevirt-export-ca', 'kubevirt-backup-ca'];
  return [
    ...names.map((name) => keyPair(release, name, '168h0m0s')),
    bundle('kubevirt-external-ca', ''),
    ...names.map((name) => bundle(name, certificate(name))),
  ];
}

function keyPair(release: KubevirtRelease, name: string, lifetime: string): KubeObject {
  const own = operatorMetadata(release, {});
  const annotations = { ...own.annotations, 'kubevirt.io/duration': `&Duration{Duration:${lifetime},}` };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: { labels: own.labels, annotations, name, namespace: release.namespace },
    data: { 'tls.crt': btoa(certificate(name)), 'tls.key': btoa(certificate(name, 'PRIVATE KEY')) },
  };
}

const keyPairs = [
  'kubevirt-virt-api-certs',
  'kubevirt-controller-certs',
  'kubevirt-exportproxy-certs',
  'kubevirt-virt-handler-server-certs',
  'kubevirt-virt-handler-migration-client-certs',
  'kubevirt-virt-handler-vsock-client-certs',
  'kubevirt-virt-handler-certs',
  'kubevirt-synchronization-controller-certs',
  'kubevirt-synchronization-controller-server-certs',
  'kubevirt-operator-certs',
];

/** What comes after RBAC and before the webhooks: services, the node restriction, certificate authorities. */
export function kubevirtServices(release: KubevirtRelease): readonly KubeObject[] {
  return [...services(release), restrictionBinding(release), restrictionPolicy(release), ...authorities(release)];
}

/** The certificates of the single components: after the webhooks. */
export function kubevirtCertificates(release: KubevirtRelease): readonly KubeObject[] {
  return keyPairs.map((name) => keyPair(release, name, '24h0m0s'));
}
