import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';

/** Whether a Deployment says Available=True. */
export function isAvailable(deployment: KubeObject): boolean {
  const conditions: readonly Json[] = (deployment as Json).status?.conditions ?? [];
  return conditions.some((one) => one.type === 'Available' && one.status === 'True');
}

/** Whether a Deployment or DaemonSet runs in full and in its newest shape: what operators wait for. */
export function isRolledOut(workload: KubeObject): boolean {
  const { spec, status, metadata } = workload as Json;
  if (status === undefined || (status.observedGeneration ?? 0) < (metadata.generation ?? 0)) return false;
  if (workload.kind === 'DaemonSet') {
    const wanted = status.desiredNumberScheduled ?? 0;
    return wanted > 0 && (status.numberReady ?? 0) >= wanted && (status.updatedNumberScheduled ?? 0) >= wanted;
  }
  const wanted = spec.replicas ?? 1;
  return (status.readyReplicas ?? 0) >= wanted && (status.updatedReplicas ?? 0) >= wanted;
}

/** Whether a Pod says Ready=True and is not on its way out. */
export function isPodReady(pod: KubeObject): boolean {
  const conditions: readonly Json[] = (pod as Json).status?.conditions ?? [];
  return (
    pod.metadata.deletionTimestamp === undefined &&
    conditions.some((one) => one.type === 'Ready' && one.status === 'True')
  );
}
