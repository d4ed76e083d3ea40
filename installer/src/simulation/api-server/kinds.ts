import type { Json } from '#kube/json';

/** One served kind in one version: what routing, discovery and storage must know of it. */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** `status`, `scale`, `log` … */
  readonly subresources: readonly string[];
  /** Whether `metadata.generation` counts changes of the spec. */
  readonly counts: boolean;
  /** Where all versions of it are stored: `apps/deployments`. */
  readonly stored: string;
  /** The OpenAPI schema, rules and other facts of a custom resource; built-in kinds have none. */
  readonly schema?: Json;
  readonly custom: boolean;
}

type Row = readonly [kind: string, plural: string, short: string, traits: string];

/** Traits: `C` cluster-scoped, `S` status, `G` generation, `L` scale, `A` shown by `kubectl get all`. Plural `-` is the kind in lower case with an `s`. */
const tables: Readonly<Record<string, readonly Row[]>> = {
  v1: [
    ['Namespace', '-', 'ns', 'CS'],
    ['Node', '-', 'no', 'CS'],
    ['Pod', '-', 'po', 'SGA'],
    ['Service', '-', 'svc', 'SA'],
    ['Endpoints', 'endpoints', 'ep', ''],
    ['ConfigMap', '-', 'cm', ''],
    ['Secret', '-', '', ''],
    ['ServiceAccount', '-', 'sa', ''],
    ['PersistentVolume', '-', 'pv', 'CS'],
    ['PersistentVolumeClaim', '-', 'pvc', 'S'],
    ['Event', '-', 'ev', ''],
    ['ResourceQuota', '-', 'quota', 'S'],
    ['LimitRange', '-', 'limits', ''],
    ['ReplicationController', '-', 'rc', 'SGLA'],
    ['PodTemplate', '-', '', ''],
  ],
  'apps/v1': [
    ['Deployment', '-', 'deploy', 'SGLA'],
    ['DaemonSet', '-', 'ds', 'SGA'],
    ['StatefulSet', '-', 'sts', 'SGLA'],
    ['ReplicaSet', '-', 'rs', 'SGLA'],
    ['ControllerRevision', '-', '', ''],
  ],
  'batch/v1': [
    ['Job', '-', '', 'SGA'],
    ['CronJob', '-', 'cj', 'SGA'],
  ],
  'autoscaling/v2': [['HorizontalPodAutoscaler', '-', 'hpa', 'S']],
  'rbac.authorization.k8s.io/v1': [
    ['Role', '-', '', ''],
    ['RoleBinding', '-', '', ''],
    ['ClusterRole', '-', '', 'C'],
    ['ClusterRoleBinding', '-', '', 'C'],
  ],
  'storage.k8s.io/v1': [
    ['StorageClass', 'storageclasses', 'sc', 'C'],
    ['CSIDriver', '-', '', 'C'],
    ['CSINode', '-', '', 'C'],
    ['VolumeAttachment', '-', '', 'CS'],
    ['CSIStorageCapacity', 'csistoragecapacities', '', ''],
    ['VolumeAttributesClass', 'volumeattributesclasses', 'vac', 'C'],
  ],
  'coordination.k8s.io/v1': [['Lease', '-', '', '']],
  'admissionregistration.k8s.io/v1': [
    ['ValidatingWebhookConfiguration', '-', '', 'CG'],
    ['MutatingWebhookConfiguration', '-', '', 'CG'],
    ['ValidatingAdmissionPolicy', 'validatingadmissionpolicies', '', 'CSG'],
    ['ValidatingAdmissionPolicyBinding', '-', '', 'CG'],
  ],
  'apiextensions.k8s.io/v1': [['CustomResourceDefinition', '-', 'crd', 'CSG']],
  'apiregistration.k8s.io/v1': [['APIService', '-', '', 'CS']],
  'policy/v1': [['PodDisruptionBudget', '-', 'pdb', 'SG']],
  'scheduling.k8s.io/v1': [['PriorityClass', 'priorityclasses', 'pc', 'CG']],
  'networking.k8s.io/v1': [
    ['NetworkPolicy', 'networkpolicies', 'netpol', 'G'],
    ['Ingress', 'ingresses', 'ing', 'SG'],
    ['IngressClass', 'ingressclasses', '', 'CG'],
  ],
  'node.k8s.io/v1': [['RuntimeClass', 'runtimeclasses', '', 'C']],
  'discovery.k8s.io/v1': [['EndpointSlice', '-', '', 'G']],
  'events.k8s.io/v1': [['Event', '-', 'ev', '']],
};

const extra: Readonly<Record<string, readonly string[]>> = {
  Pod: ['log', 'eviction', 'binding'],
  ServiceAccount: ['token'],
  Namespace: ['finalize'],
  CustomResourceDefinition: [],
};

export const builtInKinds: readonly Kind[] = Object.entries(tables).flatMap(([apiVersion, rows]) =>
  rows.map((row) => builtIn(apiVersion, row)),
);

function builtIn(apiVersion: string, [kind, plural, short, traits]: Row): Kind {
  const [group, version] = apiVersion.includes('/') ? (apiVersion.split('/') as [string, string]) : ['', apiVersion];
  const name = plural === '-' ? `${kind.toLowerCase()}s` : plural;
  return {
    group,
    version,
    apiVersion,
    kind,
    plural: name,
    singular: kind.toLowerCase(),
    shortNames: short === '' ? [] : [short],
    categories: traits.includes('A') ? ['all'] : [],
    namespaced: !traits.includes('C'),
    subresources: [
      ...(traits.includes('S') ? ['status'] : []),
      ...(traits.includes('L') ? ['scale'] : []),
      ...(extra[kind] ?? []),
    ],
    counts: traits.includes('G'),
    // Both groups show the same events; they are stored once.
    stored: kind === 'Event' ? '/events' : `${group}/${name}`,
    custom: false,
  };
}

/** `deployments.apps`, `pods`: how messages of the API server name a resource. */
export function qualified(kind: Kind): string {
  return kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`;
}
