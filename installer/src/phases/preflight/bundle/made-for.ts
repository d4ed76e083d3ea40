import { releaseOf } from '#catalog/catalog';
import { Fault } from '#engine/fault';
import type { Site } from '#plan/plan';
import type { Bundle } from '#ports/bundle';
import type { Sight } from '#ports/world';
import { factsOf } from '../../verbs/host-facts.ts';

interface Mismatch {
  readonly sentence: string;
  readonly remedy: string;
}

/** The bundle is for this release, and for this machine where the run is on it. */
export async function madeForThis(
  site: Site,
  sight: Pick<Sight, 'bundle' | 'host' | 'now'>,
): Promise<readonly Fault[]> {
  const { bundle, host } = sight;
  const otherRelease = releaseMismatch(site, bundle);
  // Elsewhere nobody sees the machines, and none of them is given a file of the bundle.
  const others = host.outOfReach === true ? [] : await machineMismatches(sight);
  const all = [...otherRelease, ...others];
  const [first] = all;
  if (first === undefined) return [];
  return [
    new Fault({
      code: 'BUNDLE-MISMATCH',
      message: first.sentence,
      where: [`bundle ${bundle.place}`],
      evidence: all.slice(1).map(({ sentence }) => sentence),
      remedy: all.map(({ remedy }) => remedy) as unknown as readonly [string, ...string[]],
    }),
  ];
}

function releaseMismatch({ catalog }: Site, { madeFor }: Bundle): readonly Mismatch[] {
  const release = releaseOf(catalog);
  if (madeFor === undefined || madeFor.release === release) return [];
  return [
    {
      sentence: `the bundle is made for Novasphere ${madeFor.release}, and this is ${release}`,
      remedy: `use the novasphere of release ${madeFor.release}, or a bundle of release ${release}`,
    },
  ];
}

async function machineMismatches({
  bundle: { madeFor },
  ...sight
}: Pick<Sight, 'bundle' | 'host' | 'now'>): Promise<readonly Mismatch[]> {
  if (madeFor === undefined) return [];
  const { name } = sight.host;
  const found: Mismatch[] = [];
  const { cpu, os } = await factsOf(sight);
  if (cpu.architecture !== madeFor.architecture)
    found.push({
      sentence: `the bundle is made for ${madeFor.architecture}, and ${name} is ${cpu.architecture}`,
      remedy: `novasphere bundle fetch DIR --architecture ${cpu.architecture}          makes one for this machine, where the internet is`,
    });
  const series = /^VERSION_CODENAME="?(\w+)/m.exec((await sight.host.read('/etc/os-release')) ?? '')?.[1];
  if (madeFor.series !== undefined && series !== undefined && series !== madeFor.series)
    found.push({
      sentence: `the packages of the bundle are for Ubuntu ${madeFor.series}, and ${name} runs ${os.name} (${series})`,
      remedy: `novasphere bundle fetch DIR --series ${series}          makes one with its packages, where the internet is`,
    });
  return found;
}
