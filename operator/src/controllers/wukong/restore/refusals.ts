import type { Wukong } from '../../../api/wukong.ts';
import { ours } from '../ownership.ts';
import type { Mistake } from '../plan.ts';
import { misfits } from './disks-match.ts';
import { restoreName } from './restore-object.ts';
import type { RestoreSeen } from './seen.ts';

const instead =
  'to make disks of it, name the VolumeSnapshots that it made in spec.disks[].source.volumeSnapshot of a new Wukong';

/** Why a snapshot is not restored until the Wukong, or what it names, is another; undefined when nothing speaks against it. */
export function refusalOf(wukong: Wukong, seen: RestoreSeen, asked: string): Mistake | undefined {
  const message = ofSnapshot(wukong, seen, asked) ?? ofMachine(wukong, seen, asked) ?? ofDisks(wukong, seen, asked);
  return message === undefined ? undefined : { reason: 'InvalidSpec', message: `spec.restoreFromSnapshot: ${message}` };
}

function ofSnapshot({ metadata }: Wukong, { snapshot }: RestoreSeen, asked: string): string | undefined {
  if (snapshot === undefined)
    return `there is no WukongSnapshot \`${asked}\` in this namespace: name one that kubectl get wukongsnapshots shows`;
  if (snapshot.metadata.deletionTimestamp !== undefined)
    return `the WukongSnapshot \`${asked}\` is being deleted: name another one`;
  const { wukongName } = snapshot.spec;
  if (wukongName !== metadata.name)
    return `\`${asked}\` is a snapshot of the Wukong \`${wukongName}\`, and a machine is only restored from its own; ${instead}`;
  if (snapshot.status?.phase !== 'Failed') return undefined;
  return `the WukongSnapshot \`${asked}\` has failed and holds nothing to restore: name another one`;
}

function ofMachine(wukong: Wukong, { vm, source, restores }: RestoreSeen, asked: string): string | undefined {
  if (vm === undefined)
    return `there is no machine yet whose disks could be put back: take the field out until the machine is there; ${instead}`;
  if (source !== undefined && source !== vm.metadata.uid)
    return `\`${asked}\` was taken of an earlier machine of this name, and KubeVirt does not put it into another; ${instead}`;
  const named = restores.find(({ metadata }) => metadata.name === restoreName(wukong, asked));
  if (named !== undefined && ours(wukong.metadata.uid, named) === undefined)
    return `VirtualMachineRestore ${named.metadata.name} is there already and belongs to something else: delete it first`;
  return undefined;
}

function ofDisks(wukong: Wukong, { content }: RestoreSeen, asked: string): string | undefined {
  const { disks, power } = wukong.spec;
  const existing = disks.filter(({ source }) => source?.existingClaim !== undefined).map(({ name }) => `\`${name}\``);
  if (existing.length > 0)
    return `a restore deletes the claims of all disks and makes them anew, and ${existing.join(', ')} ${existing.length > 1 ? 'are' : 'is'} on an existing claim, which is never deleted: restore it from its VolumeSnapshot by hand`;
  const wrong = content === undefined ? [] : misfits(wukong, content);
  if (wrong.length > 0)
    return `the disks of \`${asked}\` are not those of the Wukong (${wrong.join('; ')}): give the Wukong the disks that it had then, or name another snapshot`;
  if (power === 'Off') return undefined;
  return `the machine has to be off while its disks are put back: set spec.power to Off, and back to On once status.restoredFromSnapshot is ${asked}`;
}
