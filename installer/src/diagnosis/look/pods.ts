import type { Json } from '#kube/json';
import { objectName, plays, podName } from '../names.ts';
import type { Survey } from '../survey.ts';
import { type About, rank, type Trouble } from '../trouble.ts';
import { conditionOf, eventsOf, isTrue } from '../words.ts';
import { containersOf, failing } from './containers.ts';
import { pulling } from './images.ts';
import { unscheduled } from './schedule.ts';
import { starting } from './starting.ts';

const imageReasons = new Set(['ErrImagePull', 'ImagePullBackOff', 'ErrImageNeverPull', 'InvalidImageName']);

/** What is so of a pod that does not do its work. */
export function podTroubles(seen: Survey): readonly Trouble[] {
  return seen.of('Pod').flatMap((pod) => podTrouble(pod, seen) ?? []);
}

/** Whether a pod does what it is there for, or has done it. */
export function isWell(pod: Json): boolean {
  if (pod.status?.phase === 'Succeeded') return true;
  return isTrue(pod, 'Ready') && pod.metadata.deletionTimestamp === undefined;
}

function podTrouble(pod: Json, seen: Survey): Trouble | undefined {
  if (isWell(pod) || isLeaving(pod, seen.now) || isWreck(pod)) return undefined;
  const about = aboutPod(pod);
  const node = seen.of('Node').find(({ metadata }) => metadata.name === pod.spec.nodeName);
  if (node !== undefined && !isTrue(node, 'Ready')) return onDeadNode(about, node);
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (pod.spec.nodeName === undefined && scheduled?.status === 'False') return unscheduled(pod, scheduled, about, seen);
  for (const { status } of containersOf(pod)) {
    const reason = status.state?.waiting?.reason;
    if (imageReasons.has(reason)) return pulling(pod, status, about, seen);
  }
  return failing(pod, about, seen) ?? starting(pod, eventsOf(seen, pod), about, seen);
}

function aboutPod(pod: Json): About {
  const object = objectName(pod);
  const place = plays(pod, 'coredns') ? rank.dns : plays(pod, 'multus') ? rank.network : rank.pod;
  return {
    key: object,
    object,
    name: podName(pod),
    rank: place,
    code: 'POD-FAILING',
    message: `${object} is not ready`,
  };
}

function onDeadNode(about: About, node: Json): Trouble {
  const key = objectName(node);
  return {
    ...about,
    title: `${about.name} unreachable`,
    message: `${about.object} is on a node that is not Ready`,
    because: [],
    evidence: [],
    remedies: [`kubectl describe node ${node.metadata.name}`],
    blames: [key],
  };
}

/** A pod that is being deleted is given its time. */
function isLeaving({ metadata }: Json, now: number): boolean {
  const at = Date.parse(metadata.deletionTimestamp ?? '');
  return !Number.isNaN(at) && now - at < 60_000;
}

/** What is left of a pod that was evicted, or of one try of a Job: the Job speaks for itself. */
function isWreck(pod: Json): boolean {
  const isOfJob = (pod.metadata.ownerReferences ?? []).some((one: Json) => one.kind === 'Job');
  return pod.status?.phase === 'Failed' && (pod.status.reason === 'Evicted' || isOfJob);
}
