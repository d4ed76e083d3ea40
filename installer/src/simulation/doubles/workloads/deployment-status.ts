import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { conditionOf, withConditions } from '../status.ts';

interface Counts {
  readonly wanted: number;
  readonly replicas: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
}

/** What the deployment controller writes about a rollout; `again` is when to look whether it took too long. */
export function deploymentStatus(
  deployment: KubeObject,
  current: KubeObject,
  old: readonly KubeObject[],
  stage: Stage,
): { status: Json; again: number | undefined } {
  const counts = count(deployment, current, old);
  const now = stage.now();
  const progressing = progress(deployment, current, counts, now);
  const conditions = withConditions(deployment['status']?.conditions, now, [
    availability(counts),
    progressing.condition,
  ]);
  return {
    again: progressing.again,
    status: {
      observedGeneration: deployment.metadata.generation,
      replicas: counts.replicas || null,
      updatedReplicas: counts.updated || null,
      readyReplicas: counts.ready || null,
      availableReplicas: counts.available || null,
      unavailableReplicas: Math.max(0, Math.max(counts.wanted, counts.replicas) - counts.available) || null,
      conditions,
    },
  };
}

function count(deployment: KubeObject, current: KubeObject, old: readonly KubeObject[]): Counts {
  const total = (field: string) =>
    [current, ...old].reduce((sum, set) => sum + ((set['status']?.[field] as number | undefined) ?? 0), 0);
  return {
    wanted: deployment['spec'].replicas ?? 1,
    replicas: total('replicas'),
    updated: current['status']?.replicas ?? 0,
    ready: total('readyReplicas'),
    available: total('availableReplicas'),
  };
}

function availability({ available, wanted }: Counts) {
  // maxUnavailable 25 % of few replicas rounds to none: all of them are the minimum.
  const enough = available >= wanted - Math.floor(wanted / 4);
  return enough
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
}

function progress(deployment: KubeObject, current: KubeObject, counts: Counts, now: string) {
  const type = 'Progressing';
  const set = `ReplicaSet "${current.metadata.name}"`;
  const done =
    counts.updated === counts.wanted && counts.replicas === counts.wanted && counts.available === counts.wanted;
  const before = conditionOf(deployment, type);
  if (done) {
    const reason = 'NewReplicaSetAvailable';
    const lastUpdateTime = before?.reason === reason ? before.lastUpdateTime : now;
    return {
      condition: { type, status: 'True', reason, message: `${set} has successfully progressed.`, lastUpdateTime },
      again: undefined,
    };
  }
  return late(deployment, set, counts, now);
}

/** A rollout that made no progress for its deadline is told; progress is any change of the counts. */
function late(deployment: KubeObject, set: string, counts: Counts, now: string) {
  const type = 'Progressing';
  const before = conditionOf(deployment, type);
  const deadline: number = deployment['spec'].progressDeadlineSeconds ?? 600;
  const status = deployment['status'] ?? {};
  const stood =
    (status.updatedReplicas ?? 0) === counts.updated &&
    (status.readyReplicas ?? 0) === counts.ready &&
    (status.replicas ?? 0) === counts.replicas &&
    status.observedGeneration === deployment.metadata.generation &&
    before !== undefined &&
    before.reason !== 'NewReplicaSetAvailable';
  const lastUpdateTime: string = stood ? before.lastUpdateTime : now;
  const waited = (Date.parse(now) - Date.parse(lastUpdateTime)) / 1000;
  if (waited >= deadline) {
    const message = `${set} has timed out progressing.`;
    return {
      condition: { type, status: 'False', reason: 'ProgressDeadlineExceeded', message, lastUpdateTime },
      again: undefined,
    };
  }
  const condition = {
    type,
    status: 'True',
    reason: 'ReplicaSetUpdated',
    message: `${set} is progressing.`,
    lastUpdateTime,
  };
  return { condition, again: stood ? undefined : deadline };
}
