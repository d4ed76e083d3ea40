import type { Finding } from '#engine/step';
import type { DiskFacts } from '#ports/facts';
import type { Sight } from '#ports/world';
import { matchDisk } from '#profile/match';
import type { DataDisk, Node } from '#profile/schema';
import { blocked, finding } from '../../verbs/finding.ts';
import { factsOf } from '../../verbs/host-facts.ts';
import { type Contents, contentsOf, label } from './contents.ts';
import { deviceOf, nameOf } from './disk-name.ts';
import { inUse, noFilesystem, notBlank, notNamed } from './refusals.ts';

/** The data disk of the node and what lies on it; undefined when the profile has none or its selector picks none. */
export async function dataDiskOf(
  node: Node,
  sight: Sight,
): Promise<{ readonly wanted: DataDisk; readonly disk: DiskFacts; readonly contents: Contents } | undefined> {
  const wanted = node.disks.data;
  if (wanted === undefined) return undefined;
  const found = matchDisk(wanted.match, (await factsOf(sight)).disks);
  if ('fault' in found) return undefined;
  return { wanted, disk: found.chosen, contents: await contentsOf(sight.host, found.chosen) };
}

/** Whether the data disk is ready, may be formatted, or must not be touched. The rule is `wipe` of the profile. */
export async function dataDiskFinding(node: Node, sight: Sight): Promise<Finding> {
  const wanted = node.disks.data;
  if (wanted === undefined) return finding([]);
  const found = matchDisk(wanted.match, (await factsOf(sight)).disks);
  if ('fault' in found) return blocked(found.fault);
  return judgeDataDisk(wanted, found.chosen, await contentsOf(sight.host, found.chosen), sight);
}

/** The rule itself. */
export function judgeDataDisk(
  wanted: DataDisk,
  disk: DiskFacts,
  contents: Contents,
  sight: Pick<Sight, 'intended'>,
): Finding {
  const isWanted = contents.type === wanted.filesystem;
  if (isWanted && contents.label === label) return finding([]);
  const isBlank = contents.found.length === 0;
  if (wanted.wipe === 'never') {
    if (isWanted) return finding([]);
    return blocked(isBlank ? noFilesystem(disk, wanted) : notBlank(disk, wanted, contents));
  }
  const users = disk.usedBy.filter((use) => use !== wanted.mount);
  if (users.length > 0) return blocked(inUse(disk, users));
  // A power cut in the middle of mkfs leaves half a filesystem on a disk that was ours to format.
  if (isBlank || sight.intended(nameOf(disk))) return formatting(wanted, disk, contents);
  if (wanted.wipe === 'if-blank') return blocked(notBlank(disk, wanted, contents));
  return isNamed(wanted) ? formatting(wanted, disk, contents) : blocked(notNamed(disk));
}

function formatting(wanted: DataDisk, disk: DiskFacts, { found }: Contents): Finding {
  const from = found.length === 0 ? 'blank' : found.join(', ');
  return finding([{ what: deviceOf(disk), from, to: `${wanted.filesystem} “${label}”`, destructive: nameOf(disk) }]);
}

/** Whether the selector names one disk of the world, and not any disk of a kind. */
function isNamed({ match }: DataDisk): boolean {
  return (match.serial ?? match.wwn ?? match.byId) !== undefined;
}

/** What the profile agrees to lose on this node, exactly as the change names it. */
export async function consentsOf(node: Node, sight: Sight): Promise<readonly string[]> {
  const found = await dataDiskOf(node, sight);
  if (found === undefined || found.wanted.wipe === 'never') return [];
  if (found.wanted.wipe === true && !isNamed(found.wanted)) return [];
  return [nameOf(found.disk)];
}
