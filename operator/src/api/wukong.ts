import type { KubeObject } from '#kube/object';

export const group = 'vm.novasphere.dev';
export const apiVersion = `${group}/v1alpha1`;

/** A virtual machine in twenty lines. The schema that the API server checks is in wukong-crd.ts. */
export interface Wukong extends KubeObject {
  readonly spec: WukongSpec;
  readonly status?: WukongStatus;
}

export interface WukongSpec {
  /** vCPUs. */
  readonly cpu: number;
  /** A Kubernetes quantity: `128Mi`. */
  readonly memory: string;
  readonly power?: 'On' | 'Off';
  readonly disks: readonly WukongDisk[];
  /** In the order of the NICs; without any, the VM is on the pod network. */
  readonly networks?: readonly WukongNetwork[];
  readonly cloudInit?: { readonly userDataSecretRef: { readonly name: string } };
}

export interface WukongDisk {
  readonly name: string;
  readonly size: string;
  readonly boot?: boolean;
  /** `docker://…`, `oci-archive://…`, `http(s)://…` or a bare image reference; without it the disk is empty. */
  readonly image?: string;
  /** Absent: the cluster's default class. */
  readonly storageClassName?: string;
}

export interface WukongNetwork {
  /** `default` is the pod network. */
  readonly name: string;
  /** An existing NetworkAttachmentDefinition of the same namespace, or `namespace/name`. */
  readonly nadName?: string;
}

export type Phase = 'Pending' | 'Creating' | 'Running' | 'Stopped' | 'Error';

export interface WukongStatus {
  readonly phase: Phase;
  readonly observedGeneration: number;
  readonly vmName: string;
  readonly vmStatus?: string;
  readonly nodeName?: string;
  readonly networks: readonly NetworkStatus[];
  readonly volumes: readonly VolumeStatus[];
  readonly conditions: readonly Condition[];
}

export interface NetworkStatus {
  readonly name: string;
  readonly ipAddress?: string;
  readonly macAddress?: string;
  readonly interface?: string;
}

export interface VolumeStatus {
  readonly name: string;
  readonly pvcName: string;
  readonly bound: boolean;
  readonly phase?: string;
  readonly progress?: string;
  readonly capacity?: string;
}

export interface Condition {
  readonly type: 'Ready' | 'SpecValid' | 'VolumesBound' | 'VMSynced';
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration: number;
  readonly lastTransitionTime: string;
}

export function vmName(wukong: KubeObject): string {
  return `${wukong.metadata.name}-vm`;
}

export function claimName(wukong: KubeObject, disk: { readonly name: string }): string {
  return `${wukong.metadata.name}-${disk.name}`;
}
