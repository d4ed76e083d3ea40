import type { Host, Node, Profile } from './schema.ts';

/** The operating system settings of one node: those of the site, with what the node says differently in their place. */
export function hostOf(profile: Profile, node: Node): Host {
  const own = Object.entries(node.host ?? {}).filter(([, value]) => value !== undefined);
  return { ...profile.host, ...Object.fromEntries(own) };
}
