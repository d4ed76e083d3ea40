/** Addresses of the machines: where from, and whether their gateway can be reached. */
import type { Look } from '../look.ts';
import type { Path } from '../mistake.ts';
import { addressOf, contains, doOverlap, isHostAddress, isUnicast, networkOf } from '../network.ts';
import type { Profile } from '../schema.ts';

export interface Subnet {
  /** As written: `10.7.0.10/24`. */
  readonly cidr: string;
  readonly path: Path;
  readonly interface: string;
}

/** Every address that the nodes get, with the interface that it is on. */
export function subnetsOf({ nodes }: Profile): readonly Subnet[] {
  return nodes.flatMap(({ network }, index) => {
    const base: Path = ['nodes', index, 'network'];
    const { management } = network;
    const own = (management.addresses ?? []).map((cidr, at) => ({
      cidr,
      path: [...base, 'management', 'addresses', at],
      interface: management.name,
    }));
    const more = network.interfaces.flatMap(({ addresses, name }, at) =>
      addresses.map((cidr, which) => ({
        cidr,
        path: [...base, 'interfaces', at, 'addresses', which],
        interface: name,
      })),
    );
    return [...own, ...more];
  });
}

export function addressesAreGiven(look: Look): void {
  for (const [index, { network }] of look.profile.nodes.entries()) {
    const { dhcp, addresses = [], gateway } = network.management;
    const path: Path = ['nodes', index, 'network', 'management'];
    if (dhcp) {
      if (addresses.length > 0) tellBoth(look, path, 'addresses');
      if (gateway !== undefined) tellBoth(look, path, 'gateway');
      continue;
    }
    if (addresses.length === 0)
      look.say(path, {
        message: 'the management interface has neither addresses nor dhcp',
        right: 'write addresses: [10.7.0.10/24] and gateway: 10.7.0.1, or dhcp: true',
        others: [[...path, 'addresses']],
      });
    else if (gateway === undefined)
      look.say(path, {
        message: '“gateway” is missing: k3s does not start on a machine without a default route',
        right: `write gateway: with an address in ${networkOf(addresses[0] ?? '')}; where there is no router, the address of any machine there will do`,
        others: [[...path, 'gateway']],
      });
  }
  for (const { cidr, path } of subnetsOf(look.profile)) usable(look, cidr, path);
}

function tellBoth(look: Look, path: Path, key: 'addresses' | 'gateway'): void {
  const line = look.line([...path, 'dhcp']);
  look.say([...path, key], {
    message: `“${key}” and dhcp: true (${line}) exclude each other`,
    right: `leave one of them out`,
    others: [[...path, 'dhcp']],
  });
}

function usable(look: Look, cidr: string, path: Path): void {
  if (!isUnicast(addressOf(cidr)))
    return look.say(path, {
      message: `${addressOf(cidr)} is not an address that a machine can have`,
      right: 'write the address of this machine in its LAN',
    });
  if (!isHostAddress(cidr))
    look.say(path, {
      message: `${addressOf(cidr)} is the first or last address of ${networkOf(cidr)}, which belongs to nobody`,
      right: 'write the address of this machine in that network',
    });
}

export function gatewayIsReachable(look: Look): void {
  for (const [index, { network }] of look.profile.nodes.entries()) {
    const { addresses = [], gateway } = network.management;
    if (gateway === undefined || addresses.length === 0) continue;
    const base: Path = ['nodes', index, 'network', 'management'];
    const path = [...base, 'gateway'];
    const own = addresses.findIndex((cidr) => addressOf(cidr) === gateway);
    const others = [[...base, 'addresses']];
    if (own !== -1)
      look.say(path, {
        message: `the gateway ${gateway} is the address of the node itself (${look.line([...base, 'addresses', own])})`,
        right: 'write the address of the router',
        others,
      });
    else if (!addresses.some((cidr) => contains(cidr, gateway)))
      look.say(path, {
        message: `the gateway ${gateway} is outside of ${addresses.map((cidr) => networkOf(cidr)).join(' and ')} (${look.line([...base, 'addresses'])})`,
        right: 'write an address inside that network',
        others,
      });
  }
}

/** Two interfaces of one machine in one network: answers would leave by the wrong one. */
export function subnetsAreApart(look: Look): void {
  const subnets = subnetsOf(look.profile);
  for (const [index, second] of subnets.entries()) {
    const first = subnets
      .slice(0, index)
      .find(
        (other) =>
          other.path[1] === second.path[1] &&
          other.interface !== second.interface &&
          doOverlap(other.cidr, second.cidr),
      );
    if (first === undefined || addressOf(first.cidr) === addressOf(second.cidr)) continue;
    look.say(second.path, {
      message: `${networkOf(second.cidr)} of ${second.interface} overlaps ${networkOf(first.cidr)} of ${first.interface} (${look.line(first.path)})`,
      right: 'give each interface of a node a network of its own; packets would leave by the wrong one',
      others: [first.path],
    });
  }
}
