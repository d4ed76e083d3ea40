import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { certificate } from '../pem.ts';
import { kubevirtKinds } from './kubevirt-kinds.ts';
import { type KubevirtRelease, operatorMetadata } from './kubevirt-release.ts';

const apiVersion = 'admissionregistration.k8s.io/v1';
const core = ['v1alpha3', 'v1'];
type Hook = readonly [
  name: string,
  path: string,
  group: string,
  versions: readonly string[],
  operations: string,
  resources: string,
];

const operatorHooks: readonly Hook[] = [
  ['kubevirt-validator', '/kubevirt-validate-delete', '', core, 'DELETE', 'kubevirts'],
  ['kubevirt-update-validator', '/kubevirt-validate-update', '', core, 'UPDATE', 'kubevirts'],
  ['kubevirt-create-validator', '/kubevirt-validate-create', '', core, 'CREATE', 'kubevirts'],
];
const both = 'CREATE UPDATE';
const beta = ['v1beta1'];
const alpha = ['v1alpha1'];
const instancetype = (kind: string): Hook => [
  `virtualmachine${kind}-validator`,
  `/virtualmachine${kind}s-validate`,
  'instancetype',
  beta,
  both,
  `virtualmachine${kind}s`,
];
const validators: readonly Hook[] = [
  [
    'virtualmachineinstances-create-validator',
    '/virtualmachineinstances-validate-create',
    '',
    core,
    'CREATE',
    'virtualmachineinstances',
  ],
  [
    'virtualmachineinstances-update-validator',
    '/virtualmachineinstances-validate-update',
    '',
    core,
    'UPDATE',
    'virtualmachineinstances',
  ],
  ['virtualmachine-validator', '/virtualmachines-validate', '', core, both, 'virtualmachines'],
  [
    'virtualmachinereplicaset-validator',
    '/virtualmachinereplicaset-validate',
    '',
    core,
    both,
    'virtualmachineinstancereplicasets',
  ],
  ['virtualmachinepool-validator', '/virtualmachinepool-validate', 'pool', beta, both, 'virtualmachinepools'],
  ['virtualmachinepreset-validator', '/vmipreset-validate', '', core, both, 'virtualmachineinstancepresets'],
  ['migration-create-validator', '/migration-validate-create', '', core, 'CREATE', 'virtualmachineinstancemigrations'],
  ['migration-update-validator', '/migration-validate-update', '', core, 'UPDATE', 'virtualmachineinstancemigrations'],
  [
    'virtualmachinesnapshot-validator',
    '/virtualmachinesnapshots-validate',
    'snapshot',
    beta,
    both,
    'virtualmachinesnapshots',
  ],
  [
    'virtualmachinerestore-validator',
    '/virtualmachinerestores-validate',
    'snapshot',
    beta,
    both,
    'virtualmachinerestores',
  ],
  ['virtualmachinebackup-validator', '/virtualmachinebackups-validate', 'backup', alpha, both, 'virtualmachinebackups'],
  [
    'virtualmachinebackuptracker-validator',
    '/virtualmachinebackuptrackers-validate',
    'backup',
    alpha,
    both,
    'virtualmachinebackuptrackers',
  ],
  ['virtualmachineexport-validator', '/virtualmachineexports-validate', 'export', beta, both, 'virtualmachineexports'],
  instancetype('instancetype'),
  instancetype('clusterinstancetype'),
  instancetype('preference'),
  instancetype('clusterpreference'),
  [
    'kubevirt-crd-status-validator',
    '/status-validate',
    '',
    core,
    both,
    'virtualmachines/status virtualmachineinstancereplicasets/status virtualmachineinstancemigrations/status',
  ],
  ['migration-policy-validator', '/migration-policy-validate-create', 'migrations', alpha, both, 'migrationpolicies'],
  ['vm-clone-validator', '/vm-clone-validate-create', 'clone', beta, both, 'virtualmachineclones'],
];
const mutators: readonly Hook[] = [
  ['virtualmachines-mutator', '/virtualmachines-mutate', '', core, both, 'virtualmachines'],
  ['virtualmachineinstances-mutator', '/virtualmachineinstances-mutate', '', core, both, 'virtualmachineinstances'],
  ['migrations-mutator', '/migration-mutate-create', '', core, 'CREATE', 'virtualmachineinstancemigrations'],
  ['virtualmachineclones-mutator', '/vm-clone-mutate-create', 'clone', beta, 'CREATE', 'virtualmachineclones'],
];

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

/** Keeps everybody from creating objects of new kinds while nothing validates them: its service does not exist. */
export function rolloutGuard(release: KubevirtRelease): Json {
  const service = { name: 'fake-validation-service', namespace: release.namespace };
  return {
    apiVersion,
    kind: 'ValidatingWebhookConfiguration',
    metadata: {
      ...operatorMetadata(release, { app: 'virt-operator-tmp-webhook' }),
      generateName: 'virt-operator-tmp-webhook',
    },
    webhooks: kubevirtKinds.map((kind) => {
      const plural = kind.plural ?? `${kind.kind.toLowerCase()}s`;
      return {
        name: `${plural}.${kind.group}-tmp-validator`,
        clientConfig: {
          caBundle: btoa(certificate('kubevirt-ca')),
          service: { ...service, path: `/fake-path/${plural}.${kind.group}` },
        },
        rules: [
          {
            apiGroups: [kind.group],
            apiVersions: kind.versions.replaceAll('*', '').split(' '),
            operations: ['CREATE'],
            resources: [plural],
          },
        ],
        admissionReviewVersions: ['v1'],
        failurePolicy: 'Fail',
        sideEffects: 'None',
      };
    }),
  };
}
