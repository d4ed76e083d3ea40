import type { KubeObject } from '#kube/object';
import type { Wukong } from '../../api/wukong.ts';

/** What one WukongSnapshot depends on. */
export interface SnapshotSeen {
  /** Whether the API server serves VirtualMachineSnapshot. */
  readonly served: boolean;
  readonly wukong: Wukong | undefined;
  /** The machine of that Wukong, where it is its own. */
  readonly vm: KubeObject | undefined;
  /** The VirtualMachineSnapshot of the same name, whosever it is. */
  readonly taken: KubeObject | undefined;
  /** What was taken of each disk; read once the snapshot is ready, for its size alone. */
  readonly volumeSnapshots: readonly KubeObject[];
}
