import type { Json } from '#kube/json';
import type { Kind } from '../kinds.ts';
import type { Cause } from '../refusal.ts';
import { equal, without } from '../values.ts';
import { wrong } from '../wrong.ts';
import { claimCauses } from './claim-rules.ts';
import { definitionCauses } from './definition.ts';
import { difference } from './difference.ts';

type Check = (object: Json, before: Json) => readonly Cause[];

const immutable = 'field is immutable';

/** A field that may never change once the object exists. */
function fixed(path: string, detail = immutable, field = path): Check {
  const steps = path.split('.');
  const read = (object: Json) => steps.reduce<Json>((at, step) => at?.[step], object);
  return (object, before) => {
    if (before === undefined || equal(read(object), read(before))) return [];
    return [wrong.invalid(field, read(object), detail)];
  };
}

function forbidden(path: string, detail: string): Check {
  const check = fixed(path);
  return (object, before) => (check(object, before).length === 0 ? [] : [wrong.forbidden(path, detail)]);
}

/** The selector of a workload must fit its own pods. */
const selectsItself: Check = (object) => {
  const wanted = Object.entries(object.spec?.selector?.matchLabels ?? {});
  const labels: Json = object.spec?.template?.metadata?.labels ?? {};
  const field = 'spec.template.metadata.labels';
  const mismatch = wrong.invalid(field, labels, '`selector` does not match template `labels`');
  if (object.spec?.selector === undefined) return [wrong.required('spec.selector'), mismatch];
  return wanted.every(([key, value]) => labels[key] === value) ? [] : [mismatch];
};

const hasContainers =
  (path: string): Check =>
  (object) => {
    const spec = path.split('.').reduce<Json>((at, step) => at?.[step], object);
    const containers: readonly Json[] = spec?.containers ?? [];
    if (containers.length === 0) return [wrong.required(`${path}.containers`)];
    return containers.flatMap((one, index) =>
      one.image || path === '' ? [] : [wrong.required(`${path}.containers[${index}].image`)],
    );
  };

/** Of a pod only images, deadlines and more tolerations may change. */
const podSpec: Check = (object, before) => {
  if (before === undefined) return [];
  const frame = (spec: Json) => ({
    ...without(
      spec ?? {},
      'activeDeadlineSeconds',
      'tolerations',
      'terminationGracePeriodSeconds',
      'ephemeralContainers',
    ),
    schedulingGates: null,
    containers: (spec?.containers ?? []).map((one: Json) => ({ ...one, image: '' })),
    initContainers: (spec?.initContainers ?? []).map((one: Json) => ({ ...one, image: '' })),
  });
  if (equal(frame(object.spec), frame(before.spec))) return [];
  return [
    wrong.forbidden(
      'spec',
      'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
    ),
  ];
};

const addressStays: Check = (object, before) => {
  if (before === undefined || before.spec?.type === 'ExternalName' || object.spec?.type === 'ExternalName') return [];
  const { clusterIP } = object.spec;
  if (clusterIP === before.spec.clusterIP) return [];
  return [wrong.invalid('spec.clusterIPs[0]', [clusterIP], 'may not change once set')];
};

const servicePorts: Check = ({ spec = {} }) => {
  const ports: readonly Json[] = spec.ports ?? [];
  if (ports.length === 0 && spec.clusterIP !== 'None' && spec.type !== 'ExternalName')
    return [wrong.required('spec.ports')];
  if (ports.length < 2) return [];
  return ports.flatMap(({ name }, index) => (name ? [] : [wrong.required(`spec.ports[${index}].name`)]));
};

/** Where a volume is never changes. */
const volumeStays: Check = (object, before) => {
  if (before === undefined) return [];
  const source = (volume: Json): Json => volume.spec?.csi ?? volume.spec?.hostPath ?? volume.spec?.local ?? null;
  if (equal(source(object), source(before))) return [];
  const field = 'spec.persistentvolumesource';
  const changes = difference(source(before), source(object));
  return [wrong.forbidden(field, `${field} is immutable after creation\n${changes}`)];
};

/** The pods of a workload are always started again, those of a Job never or on failure. */
function restarts(...allowed: readonly string[]): Check {
  return (object) => {
    const path = 'spec.template.spec.restartPolicy';
    const policy = object.spec?.template?.spec?.restartPolicy;
    return allowed.includes(policy) ? [] : [wrong.unsupported(path, policy, allowed)];
  };
}

const setFields = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
] as const;

const setStays: Check = (object, before) => {
  if (before === undefined) return [];
  if (equal(without(object.spec, ...setFields), without(before.spec, ...setFields))) return [];
  const names = setFields.map((name) => `'${name}'`);
  const list = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return [wrong.forbidden('spec', `updates to statefulset spec for fields other than ${list} are forbidden`)];
};

/** Go shows the names of its own fields. */
const roleStays: Check = ({ roleRef }, before) => {
  if (before === undefined || equal(roleRef, before.roleRef)) return [];
  const shown = { APIGroup: roleRef.apiGroup, Kind: roleRef.kind, Name: roleRef.name };
  return [wrong.invalid('roleRef', shown, 'cannot change roleRef')];
};

const keysOfData: Check = (object) => {
  const sentence =
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
  const keys = Object.keys({ ...object.data, ...object.binaryData });
  return keys
    .filter((key) => !/^[-._a-zA-Z0-9]+$/.test(key))
    .map((key) => wrong.invalid(`data[${key}]`, key, sentence));
};

const frozenData: Check = (object, before) => {
  if (before?.immutable !== true) return [];
  const detail = 'field is immutable when `immutable` is set';
  if (object.immutable !== true) return [wrong.forbidden('immutable', detail)];
  const changed = ['data', 'binaryData'].filter((field) => !equal(object[field], before[field]));
  return changed.map((field) => wrong.forbidden(field, detail));
};

const certificate: Check = (object) => {
  if (object.type !== 'kubernetes.io/tls') return [];
  const missing = ['tls.crt', 'tls.key'].filter((key) => object.data?.[key] === undefined);
  return missing.map((key) => wrong.required(`data[${key}]`));
};

const checks: Readonly<Record<string, readonly Check[]>> = {
  Deployment: [selectsItself, fixed('spec.selector'), hasContainers('spec.template.spec'), restarts('Always')],
  DaemonSet: [selectsItself, fixed('spec.selector'), hasContainers('spec.template.spec'), restarts('Always')],
  ReplicaSet: [selectsItself, fixed('spec.selector')],
  StatefulSet: [selectsItself, setStays, restarts('Always')],
  Job: [
    fixed('spec.selector'),
    fixed('spec.template'),
    fixed('spec.completions'),
    hasContainers('spec.template.spec'),
    restarts('OnFailure', 'Never'),
  ],
  Pod: [hasContainers('spec'), podSpec],
  PersistentVolumeClaim: [claimCauses],
  PersistentVolume: [volumeStays],
  CSIDriver: [fixed('spec.attachRequired', immutable, 'spec.attachedRequired')],
  Service: [addressStays, servicePorts],
  ConfigMap: [keysOfData, frozenData],
  StorageClass: [
    (object) => (object.provisioner ? [] : [wrong.required('provisioner')]),
    forbidden('parameters', 'updates to parameters are forbidden.'),
    forbidden('provisioner', 'updates to provisioner are forbidden.'),
    forbidden('reclaimPolicy', 'updates to reclaimPolicy are forbidden.'),
    fixed('volumeBindingMode'),
  ],
  Secret: [fixed('type'), keysOfData, certificate, frozenData],
  RoleBinding: [roleStays],
  ClusterRoleBinding: [roleStays],
  PriorityClass: [forbidden('value', 'may not be changed in an update.')],
  CustomResourceDefinition: [definitionCauses],
};

/** What a built-in object breaks, alone or against its earlier state. */
export function builtInCauses(kind: Kind, object: Json, before: Json): readonly Cause[] {
  return (checks[kind.kind] ?? []).flatMap((check) => check(object, before));
}
