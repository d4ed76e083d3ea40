import type { Catalog } from '#catalog/catalog';
import type { Phase } from '#engine/step';
import type { Node, Profile } from '#profile/schema';

/** What a phase is made from: the whole profile, the pinned catalog, and the node that it is for. */
export interface Site {
  readonly profile: Profile;
  readonly catalog: Catalog;
  /** The node of a phase on each host; the first server for a phase on the cluster. */
  readonly node: Node;
}

/** How every phase is declared: a function of the site, pure, without clock or disk. */
export type PhaseFor = (site: Site) => Phase;
