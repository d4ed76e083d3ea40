import { consentsOf } from '#phases/host/data-disk/data-disk-finding';
import type { World } from '#ports/world';
import type { Profile } from '#profile/schema';

/** What the profile agrees to lose on the machines of this world, exactly as changes name it. Looks, never writes. */
export async function consentsIn(profile: Profile, world: World): Promise<ReadonlySet<string>> {
  const consents = profile.nodes.map(async (node) => {
    const host = world.host(node.name);
    if (host === undefined || host.outOfReach === true) return [];
    const { cluster, bundle, clock } = world;
    const [intended, agreed] = [() => false, () => false];
    return consentsOf(node, { host, cluster, bundle, now: () => clock.now(), intended, agreed });
  });
  return new Set((await Promise.all(consents)).flat());
}
