import type { Node } from '#profile/schema';

/** The interface that carries the node's own address: the management NIC, or the bridge that it is a port of. */
export function uplinkOf({ network }: Node): string {
  const own = network.management.name;
  return network.bridges.find((bridge) => bridge.ports.includes(own))?.name ?? own;
}

/** The node's static address without its prefix length; undefined with DHCP. */
export function addressOf({ network }: Node): string | undefined {
  return network.management.addresses?.[0]?.split('/')[0];
}
