import type { KubeObject } from '#kube/object';
import { vmName, type Wukong } from '../../../api/wukong.ts';
import { ours } from '../ownership.ts';
import type { Mistake, Verdict } from '../plan.ts';
import { backupsOf } from './disks-match.ts';
import { refusalOf } from './refusals.ts';
import { courseOf, restoreObject, wordsOf } from './restore-object.ts';
import type { RestoreSeen } from './seen.ts';

/** What is to be done about `spec.restoreFromSnapshot`. */
export interface RestorePlan {
  /**
   * Disks and machine are left alone entirely. KubeVirt deletes each claim and makes it anew under the same name:
   * whoever made a missing claim in between would put an empty disk in the place of the restored one.
   */
  readonly hold: boolean;
  /** To be applied. */
  readonly objects: readonly KubeObject[];
  /** Restores of ours that are over and no longer needed: to be deleted. */
  readonly finished: readonly KubeObject[];
  /** `status.restoredFromSnapshot`. */
  readonly restored: string | undefined;
  /** Of VMSynced: what the restore waits for, how it goes, why it failed. */
  readonly verdict?: Verdict;
  readonly mistakes: readonly Mistake[];
}

/**
 * A snapshot is restored once: from the time that the Wukong names it until the status says so. Taking the name out
 * forgets it, and naming the same one again restores it again.
 */
export function planRestore(wukong: Wukong, seen: RestoreSeen): RestorePlan {
  const asked = wukong.spec.restoreFromSnapshot;
  const { recorded, vm } = seen;
  const plan = { hold: false, objects: [], finished: [], restored: recorded, mistakes: [] };
  if (seen.stale) return { ...plan, hold: true, ...saidBefore(wukong) };
  const target = vmName(wukong);
  const running = seen.restores.find((one) => courseOf(one) === 'running' && one['spec']?.target?.name === target);
  if (running !== undefined) return { ...plan, hold: true, verdict: progressOf(running) };
  const busyWith: string | undefined = vm?.['status']?.restoreInProgress ?? undefined;
  if (busyWith !== undefined)
    return { ...plan, hold: true, verdict: under(`VirtualMachineRestore ${busyWith} is complete`) };
  const over = seen.restores.filter((one) => ours(wukong.metadata.uid, one) !== undefined);
  if (asked === undefined) return { ...plan, finished: over, restored: undefined };
  if (recorded === asked) return { ...plan, finished: over };
  const last = over.find(({ spec }) => spec.virtualMachineSnapshotName === asked);
  const rest = { ...plan, finished: over.filter((one) => one !== last) };
  if (last === undefined) return begin(wukong, seen, asked, rest);
  if (courseOf(last) === 'complete') return { ...rest, restored: asked };
  return { ...rest, verdict: failureOf(last, asked) };
}

function begin(wukong: Wukong, seen: RestoreSeen, asked: string, plan: RestorePlan): RestorePlan {
  const mistake = refusalOf(wukong, seen, asked);
  if (mistake !== undefined) return { ...plan, mistakes: [mistake] };
  const waits = obstacle(seen, asked);
  if (waits !== undefined || seen.content === undefined) return { ...plan, ...(waits && { verdict: waits }) };
  const volumes = backupsOf(seen.content).map(({ volume }) => volume);
  const verdict = under(`the snapshot \`${asked}\` has been put back`);
  return { ...plan, hold: true, objects: [restoreObject(wukong, asked, volumes)], verdict };
}

/** What has to come to an end before a restore can begin. */
function obstacle({ served, outdated, snapshot, content, vm, vmi }: RestoreSeen, asked: string): Verdict | undefined {
  if (!served) return no('MissingDependency', 'the cluster serves no VirtualMachineRestore: install KubeVirt');
  if (snapshot?.status?.readyToUse !== true)
    return no('RestorePending', `waits until the WukongSnapshot \`${asked}\` is ready to use`);
  if (content === undefined)
    return no('RestorePending', `waits for the VirtualMachineSnapshotContent of the WukongSnapshot \`${asked}\``);
  const taking: string | undefined = vm?.['status']?.snapshotInProgress ?? undefined;
  if (taking !== undefined) return no('RestorePending', `waits until the snapshot ${taking} has been taken`);
  if (vmi !== undefined || vm?.['spec']?.runStrategy !== 'Halted')
    return no('RestorePending', `waits until the machine is off, to restore \`${asked}\``);
  if (outdated) return no('MissingDependency', tooOld);
  return undefined;
}

const tooOld =
  'this release of KubeVirt cannot put a snapshot back into the claims that it was taken of (it drops volumeRestorePolicy or volumeOwnershipPolicy of a VirtualMachineRestore): update KubeVirt';

function saidBefore({ status }: Wukong): { readonly verdict?: Verdict } {
  const said = status?.conditions.find(({ type, status: is }) => type === 'VMSynced' && is === 'False');
  return said === undefined ? {} : { verdict: no(said.reason, said.message) };
}

function progressOf(restore: KubeObject): Verdict {
  const words = wordsOf(restore);
  const name = restore.metadata.name;
  if (words === undefined || !isError(restore)) return under(`VirtualMachineRestore ${name} is complete`);
  return no(
    'RestoreInProgress',
    `disks and machine are left alone while VirtualMachineRestore ${name} goes on, of which KubeVirt says: ${words}; if it never ends, take spec.restoreFromSnapshot out and delete it`,
  );
}

/** KubeVirt tells an error, and a target that is not off yet, by a restore that does not progress. */
function isError({ status }: KubeObject): boolean {
  const conditions: readonly { type?: string; status?: string }[] = status?.conditions ?? [];
  return conditions.some((one) => one.type === 'Progressing' && one.status === 'False');
}

function under(end: string): Verdict {
  return no('RestoreInProgress', `disks and machine are left alone until ${end}`);
}

function failureOf(restore: KubeObject, asked: string): Verdict {
  const words = wordsOf(restore) ?? 'it does not say why';
  return no(
    'RestoreFailed',
    `KubeVirt has not restored \`${asked}\`: ${words}; to try again, take spec.restoreFromSnapshot out and set it again`,
  );
}

function no(reason: string, message: string): Verdict {
  return { status: 'False', reason, message };
}
