/** Arithmetic of IPv4 networks, on texts that the schema has found to be addresses. */
import ipaddr from 'ipaddr.js';

const { IPv4 } = ipaddr;

/** `10.7.0.10/24` → `10.7.0.0/24` */
export function networkOf(cidr: string): string {
  return `${IPv4.networkAddressFromCIDR(cidr).toString()}/${prefixOf(cidr)}`;
}

/** `10.7.0.10/24` → `10.7.0.10` */
export function addressOf(cidr: string): string {
  return cidr.split('/')[0] ?? cidr;
}

export function prefixOf(cidr: string): number {
  return Number(cidr.split('/')[1] ?? 32);
}

export function contains(cidr: string, address: string): boolean {
  return IPv4.parse(address).match(IPv4.parseCIDR(cidr));
}

export function doOverlap(a: string, b: string): boolean {
  const [wide, narrow] = prefixOf(a) <= prefixOf(b) ? [a, b] : [b, a];
  return contains(wide, addressOf(narrow));
}

/** The first and last address of a network belong to nobody, except in networks of two or one. */
export function isHostAddress(cidr: string): boolean {
  if (prefixOf(cidr) >= 31) return true;
  const address = addressOf(cidr);
  return address !== addressOf(networkOf(cidr)) && address !== IPv4.broadcastAddressFromCIDR(cidr).toString();
}

/** Addresses that a machine can have on a network: not loopback, multicast or unspecified. */
export function isUnicast(address: string): boolean {
  const range = IPv4.parse(address).range();
  return (
    range === 'unicast' ||
    range === 'private' ||
    range === 'carrierGradeNat' ||
    range === 'linkLocal' ||
    range === 'reserved'
  );
}
