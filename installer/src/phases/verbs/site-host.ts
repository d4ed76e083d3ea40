import type { Site } from '#plan/plan';
import type { Host } from '#profile/schema';

/** The `host` settings that hold for the site's node: the profile's, with what the node says otherwise. */
export function hostOf({ profile, node }: Pick<Site, 'profile' | 'node'>): Host {
  const own = Object.entries(node.host ?? {}).filter(([, value]) => value !== undefined);
  return { ...profile.host, ...Object.fromEntries(own) };
}
