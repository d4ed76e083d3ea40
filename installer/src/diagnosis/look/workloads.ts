import type { Json } from '#kube/json';
import { objectName, ownerOf, partOf } from '../names.ts';
import { meaningOf } from '../signatures.ts';
import type { Survey } from '../survey.ts';
import { type About, known, plain, rank, type Trouble, unknown } from '../trouble.ts';
import { ago, conditionOf, eventsOf, eventText, innermost, sentenceOf } from '../words.ts';
import { lastLines } from './log-line.ts';

/** A workload that has just been changed is given so long before its numbers count. */
const patience = 120_000;

/** Deployments, DaemonSets, StatefulSets that lack pods, and Jobs that failed. */
export function workloadTroubles(seen: Survey): readonly Trouble[] {
  const sets = [...seen.of('Deployment'), ...seen.of('DaemonSet'), ...seen.of('StatefulSet')];
  return [
    ...sets.flatMap((one) => incomplete(one, seen) ?? []),
    ...seen.of('Job').flatMap((one) => failed(one, seen) ?? []),
  ];
}

function aboutWorkload(workload: Json, message: string): About {
  const object = objectName(workload);
  const { namespace, name } = workload.metadata;
  return {
    key: object,
    object,
    name: partOf(namespace, name) ?? object,
    rank: rank.workload,
    code: 'POD-FAILING',
    message,
  };
}

function incomplete(workload: Json, seen: Survey): Trouble | undefined {
  const { wanted, ready } = countsOf(workload);
  if (ready >= wanted) return undefined;
  const about = aboutWorkload(workload, `${objectName(workload)} has ${ready} of ${wanted} pods ready`);
  const pods = podsOfWorkload(workload, seen);
  const blames = pods.filter((pod) => !isReady(pod)).map(objectName);
  const refusal = refusalOf(workload, seen);
  if (refusal !== undefined) return withoutPods({ ...about, blames }, refusal, seen);
  const since = changedAt(workload);
  const remains = consequence(about, blames);
  if (blames.length > 0 || seen.now - since < patience) return { ...remains, underWay: true };
  const remedies = [
    `kubectl -n ${workload.metadata.namespace} describe ${workload.kind.toLowerCase()} ${workload.metadata.name}`,
  ] as const;
  return unknown(
    { ...about, evidence: [`there is no pod of it, and no event says why; last change ${ago(since, seen.now)}`] },
    remedies,
  );
}

function countsOf({ kind, spec, status = {} }: Json): { readonly wanted: number; readonly ready: number } {
  if (kind === 'DaemonSet') return { wanted: status.desiredNumberScheduled ?? 0, ready: status.numberReady ?? 0 };
  return {
    wanted: spec.replicas ?? 1,
    ready: (kind === 'Deployment' ? status.availableReplicas : status.readyReplicas) ?? 0,
  };
}

function isReady(pod: Json): boolean {
  return conditionOf(pod, 'Ready')?.status === 'True';
}

/** Pods by owner, as far as the ReplicaSet in between. */
function podsOfWorkload({ kind, metadata }: Json, seen: Survey): readonly Json[] {
  return seen.of('Pod').filter((pod) => {
    const owner = ownerOf(pod);
    if (owner === undefined || pod.metadata.namespace !== metadata.namespace) return false;
    return owner.kind === kind && owner.name === metadata.name;
  });
}

/** The event by which a controller says that it could not make a pod, not older than its last pod. */
function refusalOf(workload: Json, seen: Survey): Json {
  const sets = seen
    .of('ReplicaSet')
    .filter(({ metadata }) => (metadata.ownerReferences ?? []).some((one: Json) => one.uid === workload.metadata.uid));
  return [workload, ...sets].flatMap((one) => eventsOf(seen, one)).findLast(({ reason }) => reason === 'FailedCreate');
}

function withoutPods(about: About, event: Json, seen: Survey): Trouble {
  const said = innermost(event.message);
  const told: About = {
    ...about,
    message: `${about.object} cannot make its pods`,
    evidence: [eventText(event, seen.now)],
  };
  const fits = meaningOf(event.message);
  const [, namespace = ''] = about.object.split(/[ /]/);
  if (fits !== undefined) return known(told, fits, { namespace }, said);
  const remedies = [
    `kubectl -n ${namespace} get events --field-selector reason=FailedCreate`,
    `kubectl -n ${namespace} describe resourcequota`,
  ] as const;
  return plain(told, { title: `Pods of ${about.name} refused`, because: [said], remedies });
}

/** Something that is so because of others alone. */
function consequence(about: About, blames: readonly string[]): Trouble {
  const [kind = '', where = ''] = about.object.split(' ');
  const [first, second] = where.split('/');
  const target =
    second === undefined ? `${kind.toLowerCase()} ${first}` : `${kind.toLowerCase()} ${second} -n ${first}`;
  const trouble = unknown(about, [`kubectl describe ${target}`]);
  return { ...trouble, blames };
}

function changedAt({ metadata, status }: Json): number {
  const times: readonly number[] = [
    metadata.creationTimestamp,
    ...(status?.conditions ?? []).map((one: Json) => one.lastUpdateTime),
  ].map((time) => Date.parse(time ?? '') || 0);
  return Math.max(...times);
}

function failed(job: Json, seen: Survey): Trouble | undefined {
  const condition = conditionOf(job, 'Failed');
  if (condition?.status !== 'True') return undefined;
  const { namespace, name } = job.metadata;
  const pods = podsOfWorkload(job, seen);
  const lines = pods.flatMap((pod) => seen.log(pod, pod.spec.containers[0].name));
  const about: About = {
    ...aboutWorkload(job, `${objectName(job)} failed`),
    evidence: [`${condition.reason}: ${condition.message}`, ...lastLines(lines)],
  };
  const line = lines.findLast((one) => meaningOf(one) !== undefined);
  const fits = line === undefined ? undefined : meaningOf(line);
  if (fits !== undefined && line !== undefined) return known(about, fits, { namespace, name }, sentenceOf(line));
  return unknown(about, [`kubectl -n ${namespace} logs job/${name} --tail 50`]);
}
