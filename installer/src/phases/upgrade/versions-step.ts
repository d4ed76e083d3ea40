import type { Installed, Journey, Versions } from '#catalog/skew';
import { journey } from '#catalog/skew';
import { Fault } from '#engine/fault';
import type { Step } from '#engine/step';
import type { Site } from '#plan/plan';
import type { ClusterSight } from '#ports/cluster';
import type { HostSight } from '#ports/host';
import type { Sight } from '#ports/world';
import { binary, enabledComponents, isFirstServer, unitOf } from '../k3s/k3s-site.ts';
import { blocked, finding } from '../verbs/finding.ts';
import { isActive } from '../verbs/host-unit.ts';
import { installedIn } from './installed.ts';
import { changeLine, faultOf } from './refused.ts';

/**
 * Before anything is touched: nothing becomes a version that it cannot become. Where no cluster answers (before the first
 * installation, or while k3s is being repaired) only k3s itself is asked; `k3s/versions` asks the others later.
 */
export function versionsFit(site: Site): Step {
  return versionsStep(site, 'preflight/versions', async ({ host, cluster }) => {
    if (host.outOfReach === true) return installedIn(cluster);
    const runs = isFirstServer(site) && (await isActive(host, unitOf(site)));
    const told = runs ? await answered(cluster) : undefined;
    return told ?? { versions: await ownVersion(host) };
  });
}

/** The same once the cluster is there, before the first component is touched. */
export function clusterVersionsFit(site: Site): Step {
  return versionsStep(site, 'k3s/versions', (sight) => installedIn(sight.cluster));
}

function versionsStep(site: Site, id: string, look: (sight: Sight) => Promise<Installed>): Step {
  return {
    id,
    title: 'Compare what is installed with this release',
    withoutHost: true,
    async probe(sight) {
      const found = journey(await look(sight), wantedBy(site));
      const fault = faultOf(found, site.upgrading === true);
      return fault === undefined ? finding([], found.changes.map(changeLine)) : blocked(fault);
    },
    apply: async () => {},
  };
}

/** What this release would install here. */
export function wantedBy(site: Pick<Site, 'profile' | 'catalog'>): Versions {
  return Object.fromEntries(enabledComponents(site).map((name) => [name, site.catalog.components[name].version]));
}

/** Where the cluster is to be brought to. */
export async function journeyOn(
  site: Pick<Site, 'profile' | 'catalog'>,
  { cluster }: Pick<Sight, 'cluster'>,
): Promise<Journey> {
  return journey(await installedIn(cluster), wantedBy(site));
}

/** Undefined when no API server answers. */
async function answered(cluster: ClusterSight): Promise<Installed | undefined> {
  try {
    return await installedIn(cluster);
  } catch (error) {
    if (error instanceof Fault && error.code === 'CLUSTER-UNREACHABLE') return undefined;
    throw error;
  }
}

/** The k3s that lies on the machine, running or not. */
async function ownVersion(host: HostSight): Promise<Versions> {
  if ((await host.look(binary)) === undefined) return {};
  const { stdout } = await host.ask(['k3s', '--version']);
  const [, version] = /^k3s version (\S+)/.exec(stdout) ?? [];
  return version === undefined ? {} : { k3s: version };
}
