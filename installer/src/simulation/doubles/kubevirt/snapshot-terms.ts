import type { Json } from '#kube/json';
import { kindPath } from '../kube-path.ts';
import { withConditions } from '../status.ts';

export const SNAPSHOT_API = 'snapshot.kubevirt.io/v1beta1';
export const VOLUME_SNAPSHOT_API = 'snapshot.storage.k8s.io/v1';

/** `/apis/snapshot.kubevirt.io/v1beta1/namespaces/x/virtualmachinesnapshots/y`. */
export function snapshotPath(kind: string, namespace: string, name: string): string {
  return `${kindPath(SNAPSHOT_API, kind, namespace)}/${name}`;
}

export function machinePath(namespace: string, name: string): string {
  return `${kindPath('kubevirt.io/v1', 'VirtualMachine', namespace)}/${name}`;
}

export function instancePath(namespace: string, name: string): string {
  return `${kindPath('kubevirt.io/v1', 'VirtualMachineInstance', namespace)}/${name}`;
}

export function claimPath(namespace: string, name: string): string {
  return `${kindPath('v1', 'PersistentVolumeClaim', namespace)}/${name}`;
}

/** Conditions as KubeVirt writes them for snapshots: what it has to say stands in the reason. */
export function saying(
  before: readonly Json[] | undefined,
  now: string,
  said: Readonly<Record<string, readonly [is: boolean, reason: string]>>,
): Json[] {
  const conditions = Object.entries(said).map(([type, [is, reason]]) => ({
    type,
    status: is ? 'True' : 'False',
    reason,
  }));
  return withConditions(before, now, conditions);
}

export function contentName({ metadata, status }: Json): string {
  return status?.virtualMachineSnapshotContentName ?? `vmsnapshot-content-${metadata.uid}`;
}

/** Whether the data goes with the snapshot; what was never finished is not worth keeping. */
export function takesContentAlong(snapshot: Json, content: Json): boolean {
  return (snapshot.spec.deletionPolicy ?? 'Delete') === 'Delete' || content?.status?.readyToUse !== true;
}
