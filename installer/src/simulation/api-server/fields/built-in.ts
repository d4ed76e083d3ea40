import { fields, free, keyed, type Shape, set, text, textList, texts, whole } from './shape.ts';

/** List and map kinds of the built-in types, from the `x-kubernetes-list-*` marks of the Kubernetes 1.35 OpenAPI. */
export const metadata: Shape = fields({
  ownerReferences: keyed(['uid'], whole),
  finalizers: set,
  labels: texts,
  annotations: texts,
  managedFields: free,
});

const valueFrom = fields({ fieldRef: whole, resourceFieldRef: whole, configMapKeyRef: whole, secretKeyRef: whole });

const container = fields({
  image: text,
  args: textList,
  command: textList,
  env: keyed(['name'], fields({ value: text, valueFrom })),
  ports: keyed(['containerPort', 'protocol'], free, { protocol: 'TCP' }),
  volumeMounts: keyed(['mountPath']),
  volumeDevices: keyed(['devicePath']),
  resources: fields({ claims: keyed(['name']) }),
});

const nodeAffinity = fields({ requiredDuringSchedulingIgnoredDuringExecution: whole });

export const podSpec: Shape = fields({
  containers: keyed(['name'], container),
  initContainers: keyed(['name'], container),
  ephemeralContainers: keyed(['name'], container),
  volumes: keyed(['name']),
  imagePullSecrets: keyed(['name'], whole),
  hostAliases: keyed(['ip']),
  topologySpreadConstraints: keyed(['topologyKey', 'whenUnsatisfiable'], fields({ labelSelector: whole })),
  schedulingGates: keyed(['name']),
  resourceClaims: keyed(['name']),
  nodeSelector: whole,
  affinity: fields({ nodeAffinity }),
});

const template = fields({ metadata, spec: podSpec });
const conditions = keyed(['type']);
const withConditions = fields({ conditions });
const claim = fields({ selector: whole, dataSource: whole, dataSourceRef: free });
const workload = fields({ spec: fields({ selector: whole, template }), status: withConditions });
const webhook = fields({ namespaceSelector: whole, objectSelector: whole, matchConditions: keyed(['name']) });
const webhooks = fields({ webhooks: keyed(['name'], webhook) });
const role = fields({ aggregationRule: free });
const binding = fields({ roleRef: whole });

const kinds: Readonly<Record<string, Shape>> = {
  Pod: fields({
    spec: podSpec,
    status: fields({ conditions, podIPs: keyed(['ip']), resourceClaimStatuses: keyed(['name']) }),
  }),
  PodTemplate: fields({ template }),
  ConfigMap: fields({ data: texts, binaryData: texts }),
  Secret: fields({ data: texts, stringData: texts, type: text }),
  Deployment: workload,
  DaemonSet: workload,
  ReplicaSet: workload,
  ReplicationController: fields({ spec: fields({ selector: whole, template }), status: withConditions }),
  StatefulSet: fields({
    spec: fields({ selector: whole, template, volumeClaimTemplates: free }),
    status: withConditions,
  }),
  Job: fields({ spec: fields({ selector: whole, template }), status: free }),
  CronJob: fields({ spec: fields({ jobTemplate: fields({ metadata, spec: fields({ selector: whole, template }) }) }) }),
  Service: fields({
    spec: fields({ ports: keyed(['port', 'protocol'], free, { protocol: 'TCP' }), selector: whole }),
    status: withConditions,
  }),
  ServiceAccount: fields({ secrets: keyed(['name']) }),
  Namespace: fields({ status: withConditions }),
  Node: fields({
    spec: fields({ podCIDRs: set }),
    status: fields({ conditions, addresses: keyed(['type']) }),
  }),
  PersistentVolume: fields({ spec: fields({ nodeAffinity: free }) }),
  PersistentVolumeClaim: fields({ spec: claim, status: withConditions }),
  Event: fields({ involvedObject: whole }),
  CSINode: fields({ spec: fields({ drivers: keyed(['name']) }) }),
  CSIStorageCapacity: fields({ nodeTopology: whole }),
  ClusterRole: role,
  RoleBinding: binding,
  ClusterRoleBinding: binding,
  ValidatingWebhookConfiguration: webhooks,
  MutatingWebhookConfiguration: webhooks,
  CustomResourceDefinition: fields({ status: withConditions }),
  APIService: fields({ status: withConditions }),
  PodDisruptionBudget: fields({ spec: fields({ selector: whole }), status: withConditions }),
  NetworkPolicy: fields({ spec: fields({ podSelector: whole }) }),
};

/** The shape of a built-in kind. */
export function builtInShape(kind: string): Shape {
  const known = Object.hasOwn(kinds, kind) ? (kinds[kind] as Shape) : free;
  return { ...known, field: (name) => (name === 'metadata' ? metadata : known.field(name)) };
}
