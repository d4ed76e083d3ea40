import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Wukong } from '../../api/wukong.ts';
import type { WukongSnapshot, WukongSnapshotStatus } from '../../api/wukong-snapshot.ts';
import { planSnapshot } from './plan-snapshot.ts';
import type { SnapshotSeen } from './seen.ts';
import { snapshotObject } from './snapshot-object.ts';

/** For tests: a snapshot that is asked for, its Wukong and machine, and what KubeVirt makes of it. */
export const now = '2026-11-21T06:00:00Z';
export const later = '2026-11-21T07:00:00Z';
export const snapshot: WukongSnapshot = {
  apiVersion: 'vm.novasphere.dev/v1alpha1',
  kind: 'WukongSnapshot',
  metadata: { name: 'before-upgrade', namespace: 'plant', uid: 's-1', generation: 1 },
  spec: { wukongName: 'press-3' },
};
export const wukong: Wukong = {
  apiVersion: 'vm.novasphere.dev/v1alpha1',
  kind: 'Wukong',
  metadata: { name: 'press-3', namespace: 'plant', uid: 'w-1' },
  spec: { cpu: 1, memory: '1Gi', disks: [{ name: 'root', size: '1Gi' }] },
};
export const machine = (status: Json = {}): KubeObject => ({
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: { name: 'press-3-vm', namespace: 'plant', uid: 'm-1' },
  status,
});
export const taken = (status: Json): KubeObject => ({ ...snapshotObject(snapshot), status });
export const volume = (size: string | undefined): KubeObject => ({
  apiVersion: 'snapshot.storage.k8s.io/v1',
  kind: 'VolumeSnapshot',
  metadata: { name: 'v' },
  status: size === undefined ? {} : { restoreSize: size },
});
export const whole: SnapshotSeen = { served: true, wukong, vm: machine(), taken: undefined, volumeSnapshots: [] };
export const plan = (seen: Partial<SnapshotSeen>, status?: WukongSnapshotStatus) =>
  planSnapshot(status === undefined ? snapshot : { ...snapshot, status }, { ...whole, ...seen });
export const told = (status: WukongSnapshotStatus) => {
  const ready = status.conditions.find(({ type }) => type === 'Ready');
  return `${status.phase} ${ready?.reason}: ${ready?.message}`;
};

export const succeeded = {
  phase: 'Succeeded',
  readyToUse: true,
  sourceUID: 'm-1',
  creationTime: '2026-11-21T05:59:58Z',
  snapshotVolumes: { includedVolumes: ['root', 'data'], excludedVolumes: ['cloudinitdisk'] },
};
