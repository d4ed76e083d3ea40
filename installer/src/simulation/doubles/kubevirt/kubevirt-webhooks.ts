import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { certificate } from '../pem.ts';
import { type Hook, mutators, operatorHooks, validators } from './kubevirt-hooks.ts';
import { type KubevirtRelease, operatorMetadata } from './kubevirt-release.ts';

const apiVersion = 'admissionregistration.k8s.io/v1';
const named: Readonly<Record<string, true>> = { snapshot: true, backup: true, export: true, instancetype: true };

function webhook([name, path, area, versions, operations, resources]: Hook, service: Json): Json {
  const apiGroup = area === '' ? 'kubevirt.io' : `${area}.kubevirt.io`;
  return {
    name: `${name}.${named[area] ? apiGroup : 'kubevirt.io'}`,
    clientConfig: { caBundle: btoa(certificate('kubevirt-ca')), service: { ...service, path, port: 443 } },
    rules: [
      {
        apiGroups: [apiGroup],
        apiVersions: versions,
        operations: operations.split(' '),
        resources: resources.split(' '),
        scope: '*',
      },
    ],
    admissionReviewVersions: ['v1'],
    failurePolicy: 'Fail',
    sideEffects: 'None',
    timeoutSeconds: 10,
  };
}

function eviction(name: string, prefix: string, service: Json): Json {
  return {
    ...webhook([name, '/pod-eviction-validate', '', ['v1'], '*', 'pods/eviction'], service),
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['pods/eviction'], scope: '*' }],
    matchConditions: [
      {
        name: prefix === 'virt-launcher' ? 'only-vms' : 'only-hotplug-pods',
        expression: `object.metadata.name.startsWith("${prefix}")`,
      },
    ],
    sideEffects: 'NoneOnDryRun',
  };
}

function configuration(
  release: KubevirtRelease,
  kind: string,
  name: string,
  secret: string,
  webhooks: readonly Json[],
): KubeObject {
  const own = operatorMetadata(release, { 'kubevirt.io': name });
  const annotations = { ...own.annotations, 'certificates.kubevirt.io/secret': secret };
  return { apiVersion, kind, metadata: { labels: own.labels, annotations, name }, webhooks };
}

function aggregated(release: KubevirtRelease, version: string): KubeObject {
  const own = operatorMetadata(release, { 'kubevirt.io': 'virt-api-aggregator' });
  const annotations = { ...own.annotations, 'certificates.kubevirt.io/secret': 'kubevirt-virt-api-certs' };
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { labels: own.labels, annotations, name: `${version}.subresources.kubevirt.io` },
    spec: {
      group: 'subresources.kubevirt.io',
      version,
      caBundle: btoa(certificate('kubevirt-ca')),
      service: { name: 'virt-api', namespace: release.namespace, port: 443 },
      groupPriorityMinimum: 1000,
      versionPriority: 15,
    },
  };
}

/** Webhook configurations and aggregated APIs, in virt-operator's order. */
export function kubevirtWebhooks(release: KubevirtRelease): readonly KubeObject[] {
  const { namespace } = release;
  const operator = { name: 'kubevirt-operator-webhook', namespace };
  const api = { name: 'virt-api', namespace };
  const evictions = [
    eviction('virt-launcher-eviction-interceptor', 'virt-launcher', api),
    { ...eviction('hotplug-pod-eviction-interceptor', 'hp-volume-', api), admissionReviewVersions: ['v1', 'v1beta1'] },
  ];
  const own = (hooks: readonly Hook[], service: Json) => hooks.map((hook) => webhook(hook, service));
  const certs = 'kubevirt-virt-api-certs';
  return [
    configuration(
      release,
      'ValidatingWebhookConfiguration',
      'virt-operator-validator',
      'kubevirt-operator-certs',
      own(operatorHooks, operator),
    ),
    configuration(release, 'ValidatingWebhookConfiguration', 'virt-api-validator', certs, [
      ...evictions,
      ...own(validators, api),
    ]),
    configuration(release, 'MutatingWebhookConfiguration', 'virt-api-mutator', certs, own(mutators, api)),
    aggregated(release, 'v1'),
    aggregated(release, 'v1alpha3'),
  ];
}
