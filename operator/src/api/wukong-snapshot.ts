import type { KubeObject } from '#kube/object';
import type { WukongSnapshotSpec, WukongSnapshotStatus } from './schema/types.ts';

export type { WukongSnapshotSpec, WukongSnapshotStatus } from './schema/types.ts';

/** The disks of a Wukong as they were at one point in time. */
export interface WukongSnapshot extends KubeObject {
  readonly spec: WukongSnapshotSpec;
  readonly status?: WukongSnapshotStatus;
}

export type SnapshotPhase = WukongSnapshotStatus['phase'];
export type SnapshotCondition = WukongSnapshotStatus['conditions'][number];
