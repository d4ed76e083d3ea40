import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';

/** Heartbeats and times that nobody reads wake nobody. */
function wish({ metadata }: KubeObject): Json {
  const { labels, annotations, ownerReferences, finalizers, deletionTimestamp } = metadata;
  return { labels, annotations, ownerReferences, finalizers, deletionTimestamp };
}

/** Everything but the status. */
export function stateless(one: KubeObject): Json {
  return { ...one, ...wish(one), metadata: undefined, status: undefined };
}

function conditions(status: Json): Json {
  return (status?.conditions ?? []).map((one: Json) => [one.type, one.status, one.reason, one.message]);
}

export function machine(one: KubeObject): Json {
  const { printableStatus, snapshotInProgress, restoreInProgress } = one['status'] ?? {};
  return {
    ...wish(one),
    spec: one['spec'],
    printableStatus,
    snapshotInProgress,
    restoreInProgress,
    told: conditions(one['status']),
  };
}

export function instance(one: KubeObject): Json {
  const { phase, nodeName, interfaces, volumeStatus } = one['status'] ?? {};
  return {
    ...wish(one),
    spec: one['spec'],
    phase,
    nodeName,
    interfaces,
    volumeStatus,
    told: conditions(one['status']),
  };
}

export function storage(one: KubeObject): Json {
  const { phase, progress, capacity, restartCount, allocatedResourceStatuses } = one['status'] ?? {};
  const seen = { phase, progress, capacity, restartCount, allocatedResourceStatuses };
  return { ...wish(one), spec: one['spec'], ...seen, told: conditions(one['status']) };
}

export function snapshot(one: KubeObject): Json {
  return { ...wish(one), spec: one['spec'], phase: one['status']?.phase, readyToUse: one['status']?.readyToUse };
}

export function profile(one: KubeObject): Json {
  return { ...wish(one), spec: one['spec'], sets: one['status']?.claimPropertySets };
}
