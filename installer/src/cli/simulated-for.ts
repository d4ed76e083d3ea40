import { join } from 'node:path';
import type { Inventory } from '#ports/facts';
import { type SimulatedWorld, simulatedWorld } from '#world/simulated';
import { type GivenSite, releaseRoot } from './site.ts';

/** A simulated world for a profile: on a recorded machine, or on one that fits it. */
export function simulatedFor(
  site: GivenSite,
  more: { readonly inventory?: Inventory; readonly seed?: number } = {},
): SimulatedWorld {
  return simulatedWorld({
    profile: site.profile,
    catalog: site.catalog,
    upstream: join(releaseRoot, '../shared/upstream'),
    ...(more.inventory === undefined ? {} : { inventory: more.inventory }),
    seed: more.seed ?? 1,
  });
}
