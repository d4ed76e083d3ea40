import type { Json } from '#kube/json';
import type { Kind } from '../kinds.ts';
import type { Cause } from '../refusal.ts';
import { equal, without } from '../values.ts';
import { wrong } from '../wrong.ts';
import { definitionCauses } from './definition.ts';

type Check = (object: Json, before: Json) => readonly Cause[];

const immutable = 'field is immutable';

/** A field that may never change once the object exists. */
function fixed(path: string, detail = immutable): Check {
  const steps = path.split('.');
  const read = (object: Json) => steps.reduce<Json>((at, step) => at?.[step], object);
  return (object, before) => {
    if (before === undefined || equal(read(object), read(before))) return [];
    return [wrong.invalid(path, read(object), detail)];
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
  if (object.spec?.selector === undefined) return [wrong.required('spec.selector')];
  if (wanted.every(([key, value]) => labels[key] === value)) return [];
  return [wrong.invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`')];
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

const claimSpec: Check = (object, before) => {
  if (object.spec?.accessModes === undefined)
    return [wrong.required('spec.accessModes', 'at least 1 access mode is required')];
  if (object.spec.resources?.requests?.storage === undefined) return [wrong.required('spec.resources[storage]')];
  if (before === undefined) return [];
  const unset = (key: string) => before.spec[key] === undefined;
  const frame = (spec: Json) =>
    without(spec, 'resources', 'volumeAttributesClassName', ...['volumeName', 'storageClassName'].filter(unset));
  if (equal(frame(object.spec), frame(before.spec))) return [];
  return [
    wrong.forbidden(
      'spec',
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
    ),
  ];
};

const addressStays: Check = (object, before) => {
  if (before === undefined || before.spec?.type === 'ExternalName' || object.spec?.type === 'ExternalName') return [];
  return fixed('spec.clusterIP', 'may not change once set')(object, before).map((cause) => ({
    ...cause,
    field: 'spec.clusterIPs[0]',
  }));
};

const checks: Readonly<Record<string, readonly Check[]>> = {
  Deployment: [selectsItself, fixed('spec.selector'), hasContainers('spec.template.spec')],
  DaemonSet: [selectsItself, fixed('spec.selector'), hasContainers('spec.template.spec')],
  ReplicaSet: [selectsItself, fixed('spec.selector')],
  StatefulSet: [selectsItself, fixed('spec.selector'), fixed('spec.serviceName')],
  Job: [fixed('spec.selector'), fixed('spec.template'), fixed('spec.completions'), hasContainers('spec.template.spec')],
  Pod: [hasContainers('spec'), podSpec],
  PersistentVolumeClaim: [claimSpec],
  Service: [addressStays],
  StorageClass: [
    (object) => (object.provisioner ? [] : [wrong.required('provisioner')]),
    forbidden('parameters', 'updates to parameters are forbidden.'),
    forbidden('provisioner', 'updates to provisioner are forbidden.'),
    forbidden('reclaimPolicy', 'updates to reclaimPolicy are forbidden.'),
    fixed('volumeBindingMode'),
  ],
  Secret: [fixed('type')],
  RoleBinding: [fixed('roleRef', 'cannot change roleRef')],
  ClusterRoleBinding: [fixed('roleRef', 'cannot change roleRef')],
  PriorityClass: [forbidden('value', 'may not be changed in an update.')],
  CustomResourceDefinition: [definitionCauses],
};

const frozenData: Check = (object, before) => {
  if (before?.immutable !== true) return [];
  const same = ['data', 'binaryData', 'immutable'].every((field) => equal(object[field], before[field]));
  return same ? [] : [wrong.forbidden('data', 'field is immutable when `immutable` is set')];
};

/** What a built-in object breaks, alone or against its earlier state. */
export function builtInCauses(kind: Kind, object: Json, before: Json): readonly Cause[] {
  const own = checks[kind.kind] ?? [];
  const all = kind.kind === 'ConfigMap' || kind.kind === 'Secret' ? [...own, frozenData] : own;
  return all.flatMap((check) => check(object, before));
}
