import type { Site } from '#plan/plan';
import type { Sight } from '#ports/world';
import { formatSize } from '#profile/units';
import { holds, imagesHeld } from '../k3s/images-held.ts';
import { archivesOf } from '../k3s/k3s-site.ts';
import { factsOf } from '../verbs/host-facts.ts';
import type { Problem } from './checks/problem.ts';

/** What is imported lies there once as it was packed and once as layers. */
const perByte = 2;

/** Room for the images that are not on this machine yet, beside those that are still in use. */
export async function roomForImages(site: Site, sight: Sight): Promise<readonly Problem[]> {
  const { dataDir } = site.profile.cluster.k3s;
  const directory = `${dataDir}/agent/images`;
  if (sight.host.outOfReach === true || (await sight.host.look(directory)) === undefined) return [];
  const needed = await bytesToCome(site, sight, directory);
  const { stdout } = await sight.host.ask(['df', '--output=avail,size', '-B1', directory]);
  const [free = 0, size = 0] = (stdout.trim().split('\n').at(-1) ?? '').trim().split(/\s+/).map(Number);
  if (size === 0 || free >= needed) return [];
  return [
    {
      sentence: `only ${formatSize(free)} are free for ${dataDir} on ${sight.host.name}, the new images take ${formatSize(needed)}`,
      remedy: `k3s crictl rmi --prune          on ${sight.host.name}: removes images that nothing uses`,
    },
  ];
}

/** The new archives whole, beside the old ones; of their images only those that the machine does not have. */
async function bytesToCome(site: Site, sight: Sight, directory: string): Promise<number> {
  const coming = new Set<string>();
  let bytes = 0;
  for (const path of archivesOf(site, await factsOf(sight))) {
    const file = await sight.bundle.file(path);
    if ((await sight.host.digest(`${directory}/${path.slice(path.lastIndexOf('/') + 1)}`)) === file.sha256) continue;
    coming.add(path);
    bytes += file.size;
  }
  const there = await imagesHeld(sight.host);
  const images = (await sight.bundle.images()).filter(
    (one) => coming.has(one.archive) && holds(there, one) !== 'there',
  );
  return images.reduce((sum, { size }) => sum + perByte * size, bytes);
}
