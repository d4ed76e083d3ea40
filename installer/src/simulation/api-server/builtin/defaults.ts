import type { Json } from '#kube/json';
import { change, each, fill } from './fill.ts';
import { podDefaults, podSpecDefaults } from './pod-defaults.ts';

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
    fill(one, {
      podManagementPolicy: 'OrderedReady',
      replicas: 1,
      revisionHistoryLimit: 10,
      updateStrategy: { type: 'RollingUpdate', ...(rolling ? { rollingUpdate: { partition: 0 } } : {}) },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    }),
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
  return fill(one, { policyTypes: one.egress === undefined ? ['Ingress'] : ['Ingress', 'Egress'] });
}

function rbacBinding(object: Json): Json {
  const group = 'rbac.authorization.k8s.io';
  const subject: Defaulter = (one) =>
    one.kind === 'User' || one.kind === 'Group' ? fill(one, { apiGroup: group }) : one;
  return change(fill(object, { roleRef: { apiGroup: group } }), 'subjects', (list) => each(list, subject));
}

function secret(object: Json): Json {
  const { stringData, ...rest } = object;
  const text = Object.entries<string>(stringData ?? {}).map(([key, value]) => [
    key,
    Buffer.from(value).toString('base64'),
  ]);
  const data = { ...rest.data, ...Object.fromEntries(text) };
  const filled = fill(stringData === undefined ? object : rest, { type: 'Opaque' });
  return stringData === undefined ? filled : { ...filled, data };
}

function definition(object: Json): Json {
  const kind: string = object.spec?.names?.kind ?? '';
  const names = { singular: kind.toLowerCase(), listKind: `${kind}List` };
  return fill(object, { spec: { conversion: { strategy: 'None' }, names } });
}

const defaulters: Readonly<Record<string, Defaulter>> = {
  Pod: podDefaults,
  Deployment: spec(deployment),
  DaemonSet: spec(daemonSet),
  StatefulSet: spec(statefulSet),
  ReplicaSet: spec((one) => template(fill(one, { replicas: 1 }))),
  Job: spec(jobSpec),
  CronJob: (object) =>
    change(
      fill(object, {
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
  PersistentVolumeClaim: (object) =>
    fill(withSpec({ volumeMode: 'Filesystem' })(object), { status: { phase: 'Pending' } }),
  PersistentVolume: (object) =>
    fill(object, {
      spec: { volumeMode: 'Filesystem', persistentVolumeReclaimPolicy: 'Retain' },
      status: { phase: 'Pending' },
    }),
  Namespace: (object) => {
    const label = { 'kubernetes.io/metadata.name': object.metadata.name };
    return fill(object, {
      metadata: { labels: label },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
  },
  Secret: secret,
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
  APIService: (object) => (object.spec?.service ? fill(object, { spec: { service: { port: 443 } } }) : object),
  ValidatingWebhookConfiguration: webhooks({}),
  MutatingWebhookConfiguration: webhooks({ reinvocationPolicy: 'Never' }),
};

/** A built-in object with the defaults of its kind. */
export function withDefaults(object: Json): Json {
  const by = defaulters[object.kind];
  return by === undefined ? object : by(object);
}
