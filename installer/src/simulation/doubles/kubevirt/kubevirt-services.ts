import type { KubeObject } from '#kube/object';
import { certificate } from '../pem.ts';
import { type KubevirtRelease, operatorMetadata } from './kubevirt-release.ts';

const metrics = { 'prometheus.kubevirt.io': 'true' };

function services(release: KubevirtRelease): readonly KubeObject[] {
  const { namespace } = release;
  const service = (name: string, labels: Record<string, string>, spec: Record<string, unknown>) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...operatorMetadata(release, labels), name, namespace },
    spec: { type: 'ClusterIP', ...spec },
  });
  const https = [{ port: 443, protocol: 'TCP', targetPort: 8443 }];
  const named = (name: string) => [{ name, port: 443, protocol: 'TCP', targetPort: name }];
  return [
    service(
      'kubevirt-prometheus-metrics',
      { 'kubevirt.io': '', ...metrics },
      {
        clusterIP: 'None',
        selector: metrics,
        ports: named('metrics'),
      },
    ),
    service('virt-api', { 'kubevirt.io': 'virt-api' }, { selector: { 'kubevirt.io': 'virt-api' }, ports: https }),
    service(
      'kubevirt-operator-webhook',
      { 'kubevirt.io': '', ...metrics },
      {
        selector: { 'kubevirt.io': 'virt-operator' },
        ports: named('webhooks'),
      },
    ),
    service(
      'virt-exportproxy',
      { 'kubevirt.io': 'virt-exportproxy' },
      {
        selector: { 'kubevirt.io': 'virt-exportproxy' },
        ports: https,
      },
    ),
  ];
}

function nodeRestriction(release: KubevirtRelease): readonly KubeObject[] {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const nodes = { apiGroups: [''], apiVersions: ['*'], operations: ['UPDATE'], resources: ['nodes'], scope: '*' };
  const policy = 'kubevirt-node-restriction-policy';
  const handler = `request.userInfo.username == "system:serviceaccount:${release.namespace}:kubevirt-handler"`;
  return [
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: {
        ...operatorMetadata(release, { 'kubevirt.io': 'kubevirt-node-restriction' }),
        name: 'kubevirt-node-restriction-binding',
      },
      spec: {
        policyName: policy,
        validationActions: ['Deny'],
        matchResources: { resourceRules: [{ ...nodes, operations: ['*'] }] },
      },
    },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { ...operatorMetadata(release, {}), name: policy },
      spec: {
        failurePolicy: 'Fail',
        matchConditions: [{ name: 'virt-handler-user-only', expression: handler }],
        matchConstraints: { resourceRules: [nodes] },
        validations: [
          {
            expression: 'object.spec == oldObject.spec',
            message: 'this user cannot modify spec of node',
            reason: 'Forbidden',
          },
        ],
      },
    },
  ];
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
  return [...services(release), ...nodeRestriction(release), ...authorities(release)];
}

/** The certificates of the single components: after the webhooks. */
export function kubevirtCertificates(release: KubevirtRelease): readonly KubeObject[] {
  return keyPairs.map((name) => keyPair(release, name, '24h0m0s'));
}
