import { readInventory } from '#facts/read-inventory';
import type { Inventory } from '#ports/facts';
import type { Sight } from '#ports/world';

/** What the machine is, read now: a step may have changed it a moment ago. */
export async function factsOf(sight: Pick<Sight, 'host' | 'now'>): Promise<Inventory> {
  return readInventory(sight.host, sight.now());
}
