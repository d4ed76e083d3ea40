import { createHash } from 'node:crypto';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { vmName, type Wukong } from '../../../api/wukong.ts';
import { childMeta } from '../child-meta.ts';
import { uidLabel } from '../ownership.ts';

const longest = 253;

/** The same for the same Wukong and snapshot, so that one request never makes two restores. */
export function restoreName(wukong: KubeObject, snapshot: string): string {
  const name = `${wukong.metadata.name}-restore-${snapshot}`;
  if (name.length <= longest) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, longest - 9)}-${digest}`;
}

/**
 * Puts the data back into claims of the same names: with new names the machine would be given other disks, which the
 * next pass would take from it again. Nobody owns the claims then, so they are marked as the Wukong's.
 */
export function restoreObject(wukong: Wukong, snapshot: string, volumes: readonly string[]): KubeObject {
  const labels = { [uidLabel]: wukong.metadata.uid ?? '' };
  return {
    apiVersion: 'snapshot.kubevirt.io/v1beta1',
    kind: 'VirtualMachineRestore',
    metadata: childMeta(wukong, restoreName(wukong, snapshot)),
    spec: {
      target: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: vmName(wukong) },
      // The machine is off before this is made; what KubeVirt has yet to notice of that is no reason to fail.
      targetReadinessPolicy: 'WaitEventually',
      virtualMachineSnapshotName: snapshot,
      volumeOwnershipPolicy: 'None',
      volumeRestoreOverrides: volumes.map((volumeName) => ({ volumeName, labels })),
      volumeRestorePolicy: 'InPlace',
    },
  };
}

/** Whether a server that was asked to make it would keep what everything depends on. */
export function isKeptWhole({ spec }: KubeObject): boolean {
  return spec?.volumeRestorePolicy === 'InPlace' && spec?.volumeOwnershipPolicy === 'None';
}

export type Course = 'running' | 'complete' | 'failed';

/** Where a restore stands; one that only reports an error is tried again by KubeVirt and so still runs. */
export function courseOf({ status }: KubeObject): Course {
  if (status?.complete === true) return 'complete';
  return conditionOf(status, 'Failure')?.status === 'True' ? 'failed' : 'running';
}

/** What KubeVirt says of it, in its own words. */
export function wordsOf({ status }: KubeObject): string | undefined {
  const said = conditionOf(status, 'Failure') ?? conditionOf(status, 'Progressing');
  return said?.reason || said?.message || undefined;
}

function conditionOf(status: Json, type: string): Json {
  const conditions: readonly Json[] = status?.conditions ?? [];
  return conditions.find((one) => one.type === type);
}
