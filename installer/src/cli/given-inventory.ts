import type { Inventory } from '#ports/facts';
import { loadInventory } from '#profile/inventory';
import type { Options } from './call.ts';
import { readInput } from './read-input.ts';

/** The facts in the file of `--inventory`; undefined when none was named. */
export function givenInventory(options: Options): Inventory | undefined {
  const file = options.text('inventory');
  if (file === undefined) return undefined;
  return loadInventory(Buffer.from(readInput(file, 'inventory', 'INVENTORY-INVALID')).toString('utf8'), file);
}

/** The facts of this machine, read now. */
export async function readThisMachine(): Promise<Inventory> {
  const [{ hostname }, { localHost }, { systemClock }, { readInventory }] = await Promise.all([
    import('node:os'),
    import('#adapters/local-host'),
    import('#adapters/system-clock'),
    import('#facts/read-inventory'),
  ]);
  return readInventory(localHost(hostname()), systemClock().now());
}
