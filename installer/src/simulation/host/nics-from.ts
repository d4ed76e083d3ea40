import type { Inventory, NicFacts } from '#ports/facts';
import type { Nic } from './state.ts';

/** NICs as an inventory tells them; whatever addresses they have is what DHCP gives them. */
export function nicsFrom(inventory: Inventory): Nic[] {
  const withRoute = inventory.nics.find((nic) => nic.addresses.some(isV4));
  return inventory.nics.map((facts) => {
    const { kind, addresses, ...same } = facts;
    const gateway = facts === withRoute ? gatewayOf(facts) : undefined;
    const route = gateway === undefined ? {} : { gateway };
    return {
      ...same,
      addresses: [...addresses],
      ...route,
      kind: kind === 'physical' ? 'physical' : 'virtual',
      lease: { addresses, ...route },
      firstName: facts.name,
    };
  });
}

/** Routers like the first address of a network. */
function gatewayOf({ addresses }: NicFacts): string | undefined {
  const own = addresses.find(isV4)?.split('/')[0] ?? '';
  const first = own.replace(/\.\d+$/, '.1');
  return own === first ? own.replace(/\.\d+$/, '.254') : first;
}

function isV4(address: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+\//.test(address);
}
