import type { KubeObject } from '#kube/object';
import type { WukongSnapshot } from '../../../api/wukong-snapshot.ts';

/** What a restore depends on. While one is asked for, it is read from the server and not from copies, which may lag. */
export interface RestoreSeen {
  /** Whether the API server serves VirtualMachineRestore. */
  readonly served: boolean;
  /** The Wukong has changed since its copy was taken: nothing is to be decided on that copy. */
  readonly stale: boolean;
  /** `status.restoredFromSnapshot`. */
  readonly recorded: string | undefined;
  /** The machine and its instance, where they are the Wukong's own. */
  readonly vm: KubeObject | undefined;
  readonly vmi: KubeObject | undefined;
  /** The one that `spec.restoreFromSnapshot` names. */
  readonly snapshot: WukongSnapshot | undefined;
  /** The uid of the machine that KubeVirt would put it back into. */
  readonly source: string | undefined;
  /** Its VirtualMachineSnapshotContent: what was kept, and of which claims. */
  readonly content: KubeObject | undefined;
  /** Every VirtualMachineRestore of the machine, whoever made it, and whatever has the name that ours would have. */
  readonly restores: readonly KubeObject[];
  /** KubeVirt does not know how to restore into the same claims, or without owning them. */
  readonly outdated: boolean;
}
