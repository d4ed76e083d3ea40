import type { DiskFacts } from '#ports/facts';
import { diskFacts, lsblkColumns } from './disk-facts.ts';
import { basename, links } from './links.ts';
import type { Peek } from './peek.ts';

const directory = '/dev/disk/by-id';

export async function readDisks(peek: Peek): Promise<readonly DiskFacts[]> {
  const [json, byId] = await Promise.all([
    peek.answer(['lsblk', '--json', '--bytes', '--output', lsblkColumns]),
    readById(peek),
  ]);
  return diskFacts(json, byId);
}

/** Names in /dev/disk/by-id with the device each means: `nvme-Samsung_…` → `nvme0n1`. */
async function readById(peek: Peek): Promise<ReadonlyMap<string, string>> {
  const names = await peek.list(directory);
  if (names.length === 0) return new Map();
  const stat = await peek.answer(['stat', '--format', '%N', ...names.map((name) => `${directory}/${name}`)]);
  return new Map([...links(stat)].map(([link, target]) => [basename(link), basename(target)]));
}
