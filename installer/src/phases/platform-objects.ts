import type { Catalog } from '#catalog/catalog';
import type { Site } from '#plan/plan';
import type { Bundle } from '#ports/bundle';
import type { ClusterSight, KubeObject } from '#ports/cluster';
import type { HostSight } from '#ports/host';
import type { Sight } from '#ports/world';
import { Profile } from '#profile/schema';
import { phases } from './index.ts';
import { objectsIn } from './verbs/manifest.ts';
import { nameOf } from './verbs/object-name.ts';

/** An object that an installation applies. */
export interface PlatformObject {
  /** Where it comes from: `manifests/longhorn/longhorn.yaml`, or `phase verify` where the installer makes it itself. */
  readonly from: string;
  readonly object: KubeObject;
}

/** The site that asks for the most: one node with every component and every proof. Pure. */
export function widestSite(catalog: Catalog): Site {
  const profile = Profile.parse({
    apiVersion: 'novasphere.dev/v1alpha1',
    kind: 'Profile',
    metadata: { name: 'everything' },
    nodes: [{ name: 'everything', network: { management: { match: { mac: '02:00:00:00:00:01' }, dhcp: true } } }],
    // No machine is there to be asked whether it has KVM.
    components: { kubevirt: { emulation: 'never' } },
  });
  const [node] = profile.nodes;
  if (node === undefined) throw new Error('the widest site has no node');
  return { profile, catalog, node };
}

/**
 * Every object that an installation of the site applies, patched as its phases patch it, in their order: the
 * manifests, what the installer makes itself, and the pods of all proofs.
 */
export async function platformObjects(site: Site, bundle: Bundle): Promise<readonly PlatformObject[]> {
  const origins = await originsOf(site.catalog, bundle);
  const sight = sightOfNothing(bundle);
  const found: PlatformObject[] = [];
  for (const { id, steps } of phases.map((phaseFor) => phaseFor(site)))
    for (const step of steps)
      for (const object of (await step.objects?.(sight)) ?? [])
        found.push({ from: origins.get(keyOf(object)) ?? `phase ${id}`, object });
  return found;
}

/** Which manifest names which object. */
async function originsOf({ components }: Catalog, bundle: Bundle): Promise<ReadonlyMap<string, string>> {
  const assets = Object.values(components).flatMap((component) => component.assets);
  const paths = assets.map(({ path }) => path).filter((path) => /\.ya?ml$/.test(path));
  const keys = paths.map(async (path) => (await objectsIn(bundle, path)).map((one) => [keyOf(one), path] as const));
  return new Map((await Promise.all(keys)).flat());
}

function keyOf(object: KubeObject): string {
  return `${object.apiVersion} ${nameOf(object)}`;
}

/** What is seen before anything was begun: no machine in reach, and a cluster without a single object. */
function sightOfNothing(bundle: Bundle): Sight {
  const unasked = () => Promise.reject(new Error('what a step applies must not depend on a machine or on a dry run'));
  const host: HostSight = {
    name: 'everything',
    outOfReach: true,
    read: unasked,
    list: unasked,
    look: unasked,
    digest: unasked,
    ask: unasked,
  };
  const cluster: ClusterSight = {
    get: async () => undefined,
    list: async () => [],
    serves: async () => false,
    logs: async () => undefined,
    preview: unasked,
    rehearseCreate: unasked,
    fetch: unasked,
    observe: () => {
      throw new Error('there is nothing to observe');
    },
  };
  return { host, cluster, bundle, now: () => 0, intended: () => false, agreed: () => false };
}
