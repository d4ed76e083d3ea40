import { join } from 'node:path';
import type { Inventory } from '#ports/facts';
import type { RehearsedBundle } from '#simulation/bundle/rehearsed-bundle';
import { type SimulatedWorld, simulatedWorld } from '#world/simulated';
import { type GivenSite, releaseRoot } from './site.ts';

/** A simulated world for a profile: on a recorded machine or on one that fits it, from a bundle or from what one would hold. */
export function simulatedFor(
  site: GivenSite,
  more: { readonly inventory?: Inventory; readonly seed?: number; readonly bundle?: RehearsedBundle } = {},
): SimulatedWorld {
  return simulatedWorld({
    profile: site.profile,
    catalog: site.catalog,
    upstream: join(releaseRoot, '../shared/upstream'),
    ...(more.inventory === undefined ? {} : { inventory: more.inventory }),
    ...(more.bundle === undefined ? {} : { bundle: more.bundle }),
    seed: more.seed ?? 1,
  });
}
