import type { Json } from '#kube/json';
import { objectName, podsOf } from '../names.ts';
import { meaningOf, signature } from '../signatures.ts';
import type { Survey } from '../survey.ts';
import { type About, known, rank, type Trouble, unknown } from '../trouble.ts';
import { clipped, conditionOf, conditionText, isTrue } from '../words.ts';
import { featureGates } from './feature-gates.ts';
import { blamedWebhooks } from './webhook-text.ts';

/** Platform operators by what they say of themselves: KubeVirt, CDI and NMState. */
export function operatorTroubles(seen: Survey): readonly Trouble[] {
  return [
    ...seen
      .of('KubeVirt')
      .flatMap((one) => [...leftAlone(one, seen), ...undeployed(one, 'KubeVirt', seen), ...unknownGates(one)]),
    ...seen.of('CDI').flatMap((one) => undeployed(one, 'CDI', seen)),
    ...seen.of('NMState').flatMap((one) => undeployed(one, 'NMState', seen)),
  ];
}

function aboutOperator(resource: Json, name: string, message: string): About {
  const object = objectName(resource);
  return { key: object, object, name, rank: rank.operator, code: 'COMPONENT-FAILED', message };
}

/** A KubeVirt that is being deleted while nobody is there who could do it. */
function leftAlone(resource: Json, seen: Survey): readonly Trouble[] {
  const { deletionTimestamp, namespace, name } = resource.metadata;
  if (deletionTimestamp === undefined || podsOf(seen.of('Pod'), 'virt-operator').length > 0) return [];
  const about: About = {
    ...aboutOperator(
      resource,
      'KubeVirt',
      `KubeVirt ${namespace}/${name} is being deleted, and no virt-operator is there to do it`,
    ),
    evidence: [`being deleted since ${deletionTimestamp}, held by ${(resource.metadata.finalizers ?? []).join(', ')}`],
  };
  return [known(about, signature(66), { namespace, name })];
}

function undeployed(resource: Json, title: string, seen: Survey): readonly Trouble[] {
  const { metadata, status = {} } = resource;
  if (metadata.deletionTimestamp !== undefined) return [];
  const condition = complaintOf(resource);
  if (condition === undefined && (status.phase ?? 'Deployed') === 'Deployed') return [];
  const said: string = condition?.message || condition?.reason || '';
  const namespace: string = metadata.namespace ?? title.toLowerCase();
  const about: About = {
    ...aboutOperator(
      resource,
      title,
      `${title} is not Deployed${status.phase === undefined ? '' : `: its phase is ${status.phase}`}`,
    ),
    evidence: condition === undefined ? [] : [conditionText(condition, seen.now)],
    blames: [...blamedWebhooks(said), ...partsOf(namespace, seen), ...nodesDown(seen)],
  };
  const fits = meaningOf(`${condition?.reason ?? ''} ${said}`);
  const place = { namespace, name: metadata.name };
  if (fits !== undefined) return [known(about, fits, place, clipped(said))];
  const remedies = [
    `kubectl -n ${namespace} get pods`,
    `kubectl -n ${namespace} logs deployment/${operators[title]} --tail 30`,
  ] as const;
  const stuck = unknown(about, remedies, said === '' ? undefined : clipped(said));
  return [isProgressing(resource, seen.now) ? { ...stuck, underWay: true } : stuck];
}

const operators: Readonly<Record<string, string>> = {
  KubeVirt: 'virt-operator',
  CDI: 'cdi-operator',
  NMState: 'nmstate-operator',
};

/** An operator that says it is at work is believed for so long. */
const patience = 15 * 60_000;

function isProgressing(resource: Json, now: number): boolean {
  if (conditionOf(resource, 'Degraded')?.status === 'True') return false;
  const progressing = conditionOf(resource, 'Progressing');
  const began = progressing?.lastTransitionTime ?? resource.metadata.creationTimestamp;
  return progressing?.status !== 'False' && now - Date.parse(began ?? '') < patience;
}

/** The condition by which an operator says what is wrong: not the one that only says that it is at work. */
function complaintOf(resource: Json): Json {
  const synchronized = conditionOf(resource, 'Synchronized');
  if (synchronized?.status === 'False') return synchronized;
  const degraded = conditionOf(resource, 'Degraded');
  if (degraded?.status === 'True') return degraded;
  const available = conditionOf(resource, 'Available');
  return available?.status === 'False' ? available : undefined;
}

function partsOf(namespace: string, seen: Survey): readonly string[] {
  const all = [...seen.of('Pod'), ...seen.of('Deployment'), ...seen.of('DaemonSet'), ...seen.of('Job')];
  return all.filter(({ metadata }) => metadata.namespace === namespace).map(objectName);
}

function nodesDown(seen: Survey): readonly string[] {
  return seen
    .of('Node')
    .filter((node) => !isTrue(node, 'Ready'))
    .map(objectName);
}

function unknownGates(resource: Json): readonly Trouble[] {
  const names: readonly string[] = resource.spec?.configuration?.developerConfiguration?.featureGates ?? [];
  const strange = names.filter((name) => !featureGates.includes(name));
  return strange.map((name) => {
    const meant = featureGates.find((gate) => gate.toLowerCase() === name.toLowerCase());
    const { namespace, name: of } = resource.metadata;
    const hint = meant === undefined ? '' : `; ${meant} was meant`;
    const about = {
      ...aboutOperator(resource, 'KubeVirt', `KubeVirt knows no feature gate ${name}${hint}`),
      key: `${objectName(resource)} gate ${name}`,
    };
    return { ...known(about, signature(84), { namespace, name: of }), advice: true } as const;
  });
}
