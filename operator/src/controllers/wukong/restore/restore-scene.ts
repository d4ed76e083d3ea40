import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Wukong } from '../../../api/wukong.ts';
import type { WukongSnapshot, WukongSnapshotStatus } from '../../../api/wukong-snapshot.ts';
import { restoreObject } from './restore-object.ts';
import type { RestoreSeen } from './seen.ts';

/** For tests: a Wukong that is off, and asks for a snapshot of its two disks. */
export const off: Wukong = {
  apiVersion: 'vm.novasphere.dev/v1alpha1',
  kind: 'Wukong',
  metadata: { name: 'press-3', namespace: 'plant', uid: 'w-1', generation: 3 },
  spec: {
    cpu: 1,
    memory: '1Gi',
    power: 'Off',
    restoreFromSnapshot: 'before-upgrade',
    disks: [
      { name: 'root', size: '1Gi' },
      { name: 'data', size: '2Gi' },
    ],
  },
};

export function vm(status: Json = {}, runStrategy = 'Halted'): KubeObject {
  const metadata = { name: 'press-3-vm', namespace: 'plant', uid: 'm-1' };
  return { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', metadata, spec: { runStrategy }, status };
}

export function snapshot(status: Partial<WukongSnapshotStatus> = {}): WukongSnapshot {
  const ready = {
    phase: 'Succeeded',
    readyToUse: true,
    sourceUID: 'm-1',
    observedGeneration: 1,
    conditions: [],
  } as const;
  return {
    apiVersion: 'vm.novasphere.dev/v1alpha1',
    kind: 'WukongSnapshot',
    metadata: { name: 'before-upgrade', namespace: 'plant', uid: 's-1' },
    spec: { wukongName: 'press-3' },
    status: { ...ready, ...status },
  };
}

const backups = ['root', 'data'].map((name) => ({
  volumeName: name,
  persistentVolumeClaim: { metadata: { name: `press-3-${name}` } },
}));

export function content(...volumeBackups: readonly Json[]): KubeObject {
  return {
    apiVersion: 'snapshot.kubevirt.io/v1beta1',
    kind: 'VirtualMachineSnapshotContent',
    metadata: { name: 'vmsnapshot-content-s-1', namespace: 'plant' },
    spec: { volumeBackups: volumeBackups.length > 0 ? volumeBackups : backups },
  };
}

/** The restore that this Wukong makes, at some point of its course. */
export function restore(status?: Json): KubeObject {
  const { metadata, ...made } = restoreObject(off, 'before-upgrade', ['root', 'data']);
  return { ...made, metadata: { ...metadata, uid: 'r-1' }, ...(status === undefined ? {} : { status }) };
}

/** Everything as it has to be for the restore to begin, but for what is given. */
export function seen(about: Partial<RestoreSeen> = {}): RestoreSeen {
  const ready = { vm: vm(), vmi: undefined, snapshot: snapshot(), source: 'm-1', content: content(), restores: [] };
  return { served: true, stale: false, recorded: undefined, outdated: false, ...ready, ...about };
}
