import { Fault } from '#engine/fault';
import { matchDisk } from '#profile/match';
import { dataDiskFinding } from '../../host/data-disk/data-disk-finding.ts';
import type { Check, Machine, Remark } from '../check.ts';

/** Every selector of a disk picks exactly one, they pick different ones, and the data disk may be used. */
export const disksFit: Check = async (machine) => {
  const { system, data } = machine.site.node.disks;
  const disks = machine.facts.disks;
  const own = system === undefined ? undefined : matchDisk(system.match, disks);
  const other = data === undefined ? undefined : matchDisk(data.match, disks);
  const faults = [own, other].flatMap((found) => (found !== undefined && 'fault' in found ? [found.fault] : []));
  if (faults.length > 0) return faults;
  if (own !== undefined && other !== undefined && 'chosen' in own && 'chosen' in other)
    if (own.chosen.path === other.chosen.path) return [sameDisk(own.chosen.path)];
  return usable(machine);
};

async function usable({ site, sight }: Machine): Promise<readonly Remark[]> {
  const found = await dataDiskFinding(site.node, sight);
  return found.state === 'blocked' ? [found.fault] : [];
}

function sameDisk(path: string): Fault {
  return new Fault({
    code: 'MATCH-AMBIGUOUS',
    message: `disks.system and disks.data both pick ${path}`,
    remedy: ['novasphere inventory', 'name the data disk by its own serial or wwn'],
  });
}
