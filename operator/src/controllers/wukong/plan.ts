import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Condition, IpConfig, VolumeStatus } from '../../api/wukong.ts';

/** How one thing stands: a condition without its type and times. The message is stable: no times, no counters. */
export type Verdict = Pick<Condition, 'status' | 'reason' | 'message'>;

/** A mistake that the schema cannot see: terminal until the Wukong or what it names changes. */
export interface Mistake {
  readonly reason: 'InvalidSpec' | 'AddressInUse' | 'ShrinkRefused';
  /** Where, and what to do: `spec.networks[lan]: …`. */
  readonly message: string;
}

/** What the networks of a Wukong want. */
export interface NetworksPlan {
  /** To be applied, in this order. */
  readonly objects: readonly KubeObject[];
  /** `domain.devices.interfaces` of the machine. */
  readonly interfaces: readonly Json[];
  /** `networks` of the machine's template. */
  readonly networks: readonly Json[];
  /** For the guest's own configuration, in the order of the NICs. */
  readonly nics: readonly GuestNic[];
  /** NetworksConfigured. */
  readonly verdict: Verdict;
  /** Whether the machine may be made as far as networks are concerned. */
  readonly ready: boolean;
  readonly mistakes: readonly Mistake[];
}

export interface GuestNic {
  readonly name: string;
  /** Lower case, with colons. */
  readonly macAddress: string;
  /** Whether it is on the pod network. */
  readonly pod: boolean;
  readonly mtu?: number;
  readonly ipConfig?: IpConfig;
}

/** What the disks of a Wukong want. */
export interface DisksPlan {
  /** To be applied, in this order. */
  readonly objects: readonly KubeObject[];
  /** `domain.devices.disks` of the machine, without cloud-init's. */
  readonly disks: readonly Json[];
  /** `volumes` of the machine's template, without cloud-init's. */
  readonly volumes: readonly Json[];
  readonly statuses: readonly VolumeStatus[];
  /** VolumesBound. */
  readonly verdict: Verdict;
  /** Whether the machine may be made: each claim is there and filled, or waits for the machine as its first consumer. */
  readonly ready: boolean;
  readonly mistakes: readonly Mistake[];
}

/** What cloud-init of a Wukong wants. */
export interface CloudInitPlan {
  /** The Secret `<wukong>-cloudinit`, where one is needed. */
  readonly objects: readonly KubeObject[];
  readonly disks: readonly Json[];
  readonly volumes: readonly Json[];
  /** Ready, while something is missing: a Secret, or keys in it. */
  readonly waits?: Verdict;
  /** What the user should know all the same: that the Wukong itself still holds a password in plain text. */
  readonly note?: string;
  readonly mistakes: readonly Mistake[];
}
