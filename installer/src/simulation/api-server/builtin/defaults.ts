import type { Json } from '#kube/json';
import { initialStatus } from '../definition-status.ts';
import { change, each, fill } from './fill.ts';
import { podDefaults, podSpecDefaults } from './pod-defaults.ts';
import { secretDefaults } from './secret.ts';
import { serviceDefaults } from './service.ts';
import { claimDefaults, claimTemplate, volumeDefaults } from './storage-defaults.ts';

type Defaulter = (object: Json) => Json;

const template: Defaulter = (spec) =>
  change(spec, 'template', (one) => fill(change(one, 'spec', podSpecDefaults), { metadata: {} }));
const spec =
  (by: Defaulter): Defaulter =>
  (object) =>
    change(object, 'spec', by);
const withSpec =
  (defaults: Json): Defaulter =>
  (object) =>
    fill(object, { spec: defaults });

function deployment(one: Json): Json {
  const rolling = (one.strategy?.type ?? 'RollingUpdate') === 'RollingUpdate';
  const strategy = {
    type: 'RollingUpdate',
    ...(rolling ? { rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } } : {}),
  };
  return template(fill(one, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600, strategy }));
}

function daemonSet(one: Json): Json {
  const rolling = (one.updateStrategy?.type ?? 'RollingUpdate') === 'RollingUpdate';
  const rollingUpdate = { maxUnavailable: 1, maxSurge: 0 };
  const updateStrategy = { type: 'RollingUpdate', ...(rolling ? { rollingUpdate } : {}) };
  return template(fill(one, { revisionHistoryLimit: 10, updateStrategy }));
}

function statefulSet(one: Json): Json {
  const rolling = (one.updateStrategy?.type ?? 'RollingUpdate') === 'RollingUpdate';
  return template(
    fill(
      change(one, 'volumeClaimTemplates', (list) => each(list, claimTemplate)),
      {
        podManagementPolicy: 'OrderedReady',
        replicas: 1,
        revisionHistoryLimit: 10,
        updateStrategy: { type: 'RollingUpdate', ...(rolling ? { rollingUpdate: { partition: 0 } } : {}) },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      },
    ),
  );
}

const jobSpec: Defaulter = (one) => {
  const counted = one.completions === undefined && one.parallelism === undefined ? { completions: 1 } : {};
  return template(
    fill(one, {
      ...counted,
      parallelism: 1,
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      suspend: false,
      manualSelector: false,
      podReplacementPolicy: 'TerminatingOrFailed',
    }),
  );
};

function webhooks(extra: Json): Defaulter {
  const defaults = {
    failurePolicy: 'Fail',
    matchPolicy: 'Equivalent',
    namespaceSelector: {},
    objectSelector: {},
    timeoutSeconds: 10,
    ...extra,
  };
  const one: Defaulter = (webhook) => {
    const next = change(fill(webhook, defaults), 'rules', (list) => each(list, (rule) => fill(rule, { scope: '*' })));
    return next.clientConfig?.service === undefined ? next : fill(next, { clientConfig: { service: { port: 443 } } });
  };
  return (object) => change(object, 'webhooks', (list) => each(list, one));
}

function networkPolicy(one: Json): Json {
  const port: Defaulter = (stated) => fill(stated, { protocol: 'TCP' });
  const rule: Defaulter = (stated) => change(stated, 'ports', (list) => each(list, port));
  const ruled = change(
    change(one, 'ingress', (list) => each(list, rule)),
    'egress',
    (list) => each(list, rule),
  );
  return fill(ruled, { policyTypes: one.egress === undefined ? ['Ingress'] : ['Ingress', 'Egress'] });
}

/** With the status that is there before any controller has looked: counters begin at zero. */
const counting =
  (by: Defaulter, status: Json = {}): Defaulter =>
  (object) =>
    fill(change(object, 'spec', by), { status });
const same: Defaulter = (object) => object;

function rbacBinding(object: Json): Json {
  const group = 'rbac.authorization.k8s.io';
  const subject: Defaulter = (one) =>
    one.kind === 'User' || one.kind === 'Group' ? fill(one, { apiGroup: group }) : one;
  return change(fill(object, { roleRef: { apiGroup: group } }), 'subjects', (list) => each(list, subject));
}

function definition(object: Json): Json {
  const kind: string = object.spec?.names?.kind ?? '';
  const names = { singular: kind.toLowerCase(), listKind: `${kind}List` };
  const filled = fill(object, { spec: { conversion: { strategy: 'None' }, names } });
  return filled.status === undefined ? { ...filled, status: initialStatus(filled.spec) } : filled;
}

const defaulters: Readonly<Record<string, Defaulter>> = {
  Pod: podDefaults,
  Deployment: counting(deployment),
  DaemonSet: counting(daemonSet, {
    currentNumberScheduled: 0,
    desiredNumberScheduled: 0,
    numberMisscheduled: 0,
    numberReady: 0,
  }),
  StatefulSet: counting(statefulSet, { replicas: 0, availableReplicas: 0 }),
  ReplicaSet: counting((one) => template(fill(one, { replicas: 1 })), { replicas: 0 }),
  Job: counting(jobSpec),
  PodDisruptionBudget: counting(same, { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 }),
  EndpointSlice: (object) =>
    change(object, 'ports', (list) => each(list, (one) => fill(one, { name: '', protocol: 'TCP' }))),
  CronJob: (object) =>
    change(
      fill(object, {
        status: {},
        spec: {
          concurrencyPolicy: 'Allow',
          suspend: false,
          successfulJobsHistoryLimit: 3,
          failedJobsHistoryLimit: 1,
        },
      }),
      'spec',
      (one) => change(one, 'jobTemplate', (job) => change(fill(job, { metadata: {} }), 'spec', template)),
    ),
  PersistentVolumeClaim: claimDefaults,
  PersistentVolume: volumeDefaults,
  Namespace: (object) => {
    const label = { 'kubernetes.io/metadata.name': object.metadata.name };
    return fill(object, { metadata: { labels: label }, status: { phase: 'Active' } });
  },
  Service: serviceDefaults,
  Secret: secretDefaults,
  StorageClass: (object) => fill(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  CSIDriver: withSpec({
    attachRequired: true,
    podInfoOnMount: false,
    storageCapacity: false,
    fsGroupPolicy: 'ReadWriteOnceWithFSType',
    requiresRepublish: false,
    seLinuxMount: false,
    volumeLifecycleModes: ['Persistent'],
  }),
  PriorityClass: (object) => fill(object, { preemptionPolicy: 'PreemptLowerPriority' }),
  NetworkPolicy: spec(networkPolicy),
  RoleBinding: rbacBinding,
  ClusterRoleBinding: rbacBinding,
  CustomResourceDefinition: definition,
  APIService: (object) =>
    fill(object.spec?.service ? fill(object, { spec: { service: { port: 443 } } }) : object, { status: {} }),
  ValidatingWebhookConfiguration: webhooks({}),
  MutatingWebhookConfiguration: webhooks({ reinvocationPolicy: 'Never' }),
};

/** A built-in object with the defaults of its kind. */
export function withDefaults(object: Json): Json {
  const by = defaulters[object.kind];
  return by === undefined ? object : by(object);
}
