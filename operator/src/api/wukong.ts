import type { KubeObject } from '#kube/object';
import type { WukongSpec, WukongStatus } from './schema/types.ts';

export type {
  CloudInitUser,
  DiskSource,
  IpConfig,
  NetworkStatus,
  VolumeStatus,
  WukongDisk,
  WukongNetwork,
  WukongSpec,
  WukongStatus,
} from './schema/types.ts';

export const group = 'vm.novasphere.dev';
export const apiVersion = `${group}/v1alpha1`;

/** A virtual machine in twenty lines. What a field means, and which values the API server refuses, is in schema/. */
export interface Wukong extends KubeObject {
  readonly spec: WukongSpec;
  readonly status?: WukongStatus;
}

export type Phase = WukongStatus['phase'];
export type Condition = WukongStatus['conditions'][number];
export type ConditionType = Condition['type'];

export function vmName(wukong: KubeObject): string {
  return `${wukong.metadata.name}-vm`;
}

export function claimName(wukong: KubeObject, disk: { readonly name: string }): string {
  return `${wukong.metadata.name}-${disk.name}`;
}
