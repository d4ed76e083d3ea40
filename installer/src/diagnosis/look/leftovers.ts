import type { Json } from '#kube/json';
import { objectName } from '../names.ts';
import { meaningOf } from '../signatures.ts';
import type { Survey } from '../survey.ts';
import { type About, known, plain, rank, type Trouble, unknown } from '../trouble.ts';
import { clipped, conditionOf, conditionText } from '../words.ts';

/** A namespace that is being deleted is given so long. */
const patience = 60_000;
const reasons = [
  'NamespaceDeletionDiscoveryFailure',
  'NamespaceDeletionContentFailure',
  'NamespaceFinalizersRemaining',
  'NamespaceContentRemaining',
];

/** Namespaces that do not go away, and definitions that do not come. */
export function leftoverTroubles(seen: Survey): readonly Trouble[] {
  return [
    ...seen.of('Namespace').flatMap((one) => terminating(one, seen) ?? []),
    ...seen.of('CustomResourceDefinition').flatMap((one) => unestablished(one, seen) ?? []),
  ];
}

function terminating(namespace: Json, seen: Survey): Trouble | undefined {
  const { name, deletionTimestamp } = namespace.metadata;
  if (deletionTimestamp === undefined) return undefined;
  const held = reasons.map((type) => conditionOf(namespace, type)).filter((one) => one?.status === 'True');
  const [first] = held;
  if (first === undefined && seen.now - Date.parse(deletionTimestamp) < patience) return undefined;
  const said: string = first?.message ?? '';
  const about: About = {
    key: objectName(namespace),
    object: objectName(namespace),
    name: objectName(namespace),
    rank: rank.user,
    code: 'COMPONENT-FAILED',
    message: `the namespace ${name} is being deleted and does not go away`,
    evidence: held.map((one) => conditionText(one, seen.now)),
    blames: [...apisIn(held, seen), ...holdersIn(name, seen)],
  };
  const fits = meaningOf(said);
  const place = { namespace: name, name };
  if (fits !== undefined) return known(about, fits, place, clipped(said));
  const holder = heldBy(about, name, said);
  if (holder !== undefined) return holder;
  return unknown(
    about,
    [`kubectl get namespace ${name} -o yaml`, `kubectl -n ${name} get all,pvc`],
    said === '' ? undefined : clipped(said),
  );
}

/** Objects that wait for a controller to let them go. */
function heldBy(about: About, name: string, said: string): Trouble | undefined {
  const [, finalizer] = /finalizers remaining: (\S+)/.exec(said) ?? [];
  if (finalizer === undefined) return undefined;
  return plain(about, {
    title: `Namespace ${name} held by ${finalizer}`,
    because: ['objects in it wait for the controller that made them, which alone lets them go', clipped(said)],
    remedies: [
      'novasphere apply PROFILE          brings that controller back, and it lets them go',
      `kubectl get --raw /api/v1/namespaces/${name}          status.conditions: which objects`,
    ],
  });
}

/** APIs that do not answer: without them nobody knows what is in the namespace. */
function apisIn(held: readonly Json[], seen: Survey): readonly string[] {
  const isBlind = held.some(({ type }) => type === 'NamespaceDeletionDiscoveryFailure');
  return isBlind ? seen.of('APIService').map(objectName) : [];
}

function holdersIn(name: string, seen: Survey): readonly string[] {
  return seen
    .of('KubeVirt')
    .filter(({ metadata }) => metadata.namespace === name)
    .map(objectName);
}

function unestablished(definition: Json, seen: Survey): Trouble | undefined {
  const refused = conditionOf(definition, 'NamesAccepted');
  const established = conditionOf(definition, 'Established');
  const isYoung = seen.now - Date.parse(definition.metadata.creationTimestamp ?? '') < patience;
  const isRefused = refused?.status === 'False';
  if (!isRefused && (established?.status === 'True' || isYoung)) return undefined;
  const { name } = definition.metadata;
  const condition = isRefused ? refused : established;
  const about: About = {
    key: objectName(definition),
    object: objectName(definition),
    name: `CRD ${name}`,
    rank: rank.network,
    code: 'COMPONENT-FAILED',
    message: `the kind ${definition.spec.names.kind} of ${definition.spec.group} is not served`,
    evidence: condition === undefined ? [] : [conditionText(condition, seen.now)],
  };
  if (!isRefused) return unknown(about, [`kubectl describe crd ${name}`]);
  return plain(about, {
    title: `CRD ${name} refused`,
    because: ['another definition of the same group has taken one of its names', clipped(refused.message)],
    remedies: [
      `kubectl get crd | grep ${definition.spec.group}          the other one, which has to go`,
      `kubectl describe crd ${name}`,
    ],
  });
}
