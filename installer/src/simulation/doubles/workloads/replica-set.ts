import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { Refusal } from '../kube-api.ts';
import { isReady, type OwnedPods } from '../owned-pods.ts';
import { conditionOf, isTrue, withConditions, writeStatus } from '../status.ts';

/** Keeps as many pods as a ReplicaSet wants and counts them. */
export async function syncReplicaSet(stage: Stage, pods: OwnedPods, set: KubeObject): Promise<number | undefined> {
  if (set.metadata.deletionTimestamp !== undefined) return undefined;
  const wanted: number = set['spec'].replicas ?? 1;
  const there = pods.active(set);
  let problem: Refusal | undefined;
  try {
    for (let missing = wanted - there.length; missing > 0; missing--) await pods.make(set, set['spec'].template, {});
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    problem = error;
  }
  const extra = there.toSorted(leastMissed).slice(0, Math.max(0, there.length - wanted));
  for (const pod of extra) await pods.remove(pod);
  const soon = await report(stage, pods, set, problem);
  return problem === undefined ? soon : 5;
}

/** Pods that are not ready go first, then the younger ones. */
function leastMissed(one: KubeObject, other: KubeObject): number {
  const age = (other.metadata.creationTimestamp ?? '').localeCompare(one.metadata.creationTimestamp ?? '');
  return Number(isReady(one)) - Number(isReady(other)) || age;
}

async function report(
  stage: Stage,
  pods: OwnedPods,
  set: KubeObject,
  problem: Refusal | undefined,
): Promise<number | undefined> {
  const active = pods.active(set);
  const ready = active.filter(isReady);
  const late = ready.map((pod) => untilAvailable(stage, set, pod)).filter((seconds) => seconds > 0);
  const failure = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: problem?.message ?? '' };
  const told = problem === undefined ? [] : [failure];
  const conditions = withConditions(others(set), stage.now(), told);
  await writeStatus(stage, set, {
    observedGeneration: set.metadata.generation,
    replicas: active.length,
    fullyLabeledReplicas: active.length || null,
    readyReplicas: ready.length || null,
    availableReplicas: ready.length - late.length || null,
    ...(conditions.length === 0 && conditionOf(set, 'ReplicaFailure') === undefined ? {} : { conditions }),
  });
  return late.length === 0 ? undefined : Math.min(...late);
}

/** Seconds until a ready pod counts as available: it has to stay ready for minReadySeconds. */
function untilAvailable(stage: Stage, set: KubeObject, pod: KubeObject): number {
  const since = Date.parse(conditionOf(pod, 'Ready')?.lastTransitionTime);
  return (set['spec'].minReadySeconds ?? 0) - (stage.bench.clock.now() - since) / 1000;
}

function others(set: KubeObject) {
  return isTrue(set, 'ReplicaFailure') ? [] : (set['status']?.conditions ?? []);
}
