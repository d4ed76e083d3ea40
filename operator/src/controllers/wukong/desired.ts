import type { KubeObject } from '#kube/object';
import type { Wukong } from '../../api/wukong.ts';
import { desiredDisk } from './desired-disk.ts';
import { desiredMachine } from './desired-machine.ts';
import type { Observed } from './observe.ts';

/** What should exist because of one Wukong, in the order of applying. Pure: the same input gives the same objects. */
export function desired(wukong: Wukong, observed: Observed): readonly KubeObject[] {
  const disks = wukong.spec.disks.flatMap((disk) => desiredDisk(wukong, disk, observed));
  return hasAllClaims(wukong, observed) ? [...disks, desiredMachine(wukong)] : disks;
}

/** The machine is made once each claim is there and filled; before that KubeVirt could only complain. */
function hasAllClaims(wukong: Wukong, { claims, dataVolumes }: Observed): boolean {
  return wukong.spec.disks.every((disk) => {
    const filling = dataVolumes.get(disk.name);
    // CDI may take finished DataVolumes away; a claim without one is not being filled.
    if (filling === undefined) return claims.has(disk.name);
    // On a class that waits for its first consumer, the machine is that consumer.
    const phase = filling['status']?.phase;
    return claims.has(disk.name) && ['Succeeded', 'WaitForFirstConsumer', 'PendingPopulation'].includes(phase);
  });
}
