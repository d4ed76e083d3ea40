import type { KubeObject } from '#kube/object';
import type { SnapshotPhase, WukongSnapshot } from '../../api/wukong-snapshot.ts';
import { controllerOf } from '../wukong/ownership.ts';
import type { SnapshotSeen } from './seen.ts';
import { standingOf } from './standing.ts';

/** How a snapshot stands: the phase and the reason of its Ready condition are two ways of telling one thing. */
export interface Outlook {
  readonly phase: SnapshotPhase;
  readonly reason: string;
  readonly message: string;
  /** The snapshot is to be asked for. */
  readonly take: boolean;
}

/** What is to be done about a snapshot, and what is told of it. */
export function outlookOf(snapshot: WukongSnapshot, seen: SnapshotSeen): Outlook {
  const { taken } = seen;
  if (taken === undefined) return lost(snapshot) ?? waiting(snapshot, seen) ?? begun;
  if (controllerOf(taken) !== snapshot.metadata.uid) return pending('NameConflict', nameTaken(taken));
  return { ...standingOf(snapshot, taken), take: true };
}

/** A point in time that is gone cannot be taken again: a new snapshot under the old name would be another one. */
function lost({ status, spec }: WukongSnapshot): Outlook | undefined {
  if (status === undefined || (status.phase !== 'Succeeded' && status.phase !== 'Failed')) return undefined;
  const ready = status.conditions.find(({ type }) => type === 'Ready');
  if (status.phase === 'Failed' && ready !== undefined)
    return { phase: 'Failed', reason: ready.reason, message: ready.message, take: false };
  const message = `the VirtualMachineSnapshot of this snapshot has been deleted, and with it what was kept of the Wukong \`${spec.wukongName}\`: delete this WukongSnapshot, and make a new one`;
  return { phase: 'Failed', reason: 'SnapshotLost', message, take: false };
}

function waiting({ spec }: WukongSnapshot, { served, wukong, vm }: SnapshotSeen): Outlook | undefined {
  const { wukongName } = spec;
  if (!served)
    return pending(
      'MissingDependency',
      'the cluster serves no VirtualMachineSnapshot (snapshot.kubevirt.io/v1beta1): install KubeVirt; the snapshot is taken as soon as it is there',
    );
  if (wukong === undefined)
    return pending(
      'WukongNotFound',
      `there is no Wukong \`${wukongName}\` in this namespace: make it, or delete this WukongSnapshot`,
    );
  if (wukong.metadata.deletionTimestamp !== undefined)
    return pending(
      'WukongNotFound',
      `the Wukong \`${wukongName}\` is being deleted: delete this WukongSnapshot as well`,
    );
  if (vm === undefined)
    return pending(
      'MachineNotFound',
      `the Wukong \`${wukongName}\` has no machine yet: the snapshot is taken when there is one; kubectl describe wukong ${wukongName} tells what it waits for`,
    );
  return busy(vm);
}

/** KubeVirt counts the deadline from the moment that it is asked, so it is not asked before it can begin. */
function busy({ status }: KubeObject): Outlook | undefined {
  if (status?.restoreInProgress)
    return pending('RestoreInProgress', `waits until the restore ${status.restoreInProgress} of the machine has ended`);
  if (status?.snapshotInProgress)
    return pending('SnapshotInProgress', `waits until the snapshot ${status.snapshotInProgress} has been taken`);
  return undefined;
}

const begun: Outlook = {
  phase: 'Creating',
  reason: 'SnapshotInProgress',
  message: 'the snapshot is being taken',
  take: true,
};

function nameTaken({ metadata }: KubeObject): string {
  return `VirtualMachineSnapshot ${metadata.name} is there already and belongs to something else: delete it, or give the WukongSnapshot another name`;
}

function pending(reason: string, message: string): Outlook {
  return { phase: 'Pending', reason, message, take: false };
}
