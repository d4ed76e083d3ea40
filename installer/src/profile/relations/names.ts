/** What may occur only once: names, network cards, addresses. */
import type { Look } from '../look.ts';
import type { Path } from '../mistake.ts';
import { addressOf } from '../network.ts';
import type { Profile } from '../schema.ts';
import { type Item, once } from './once.ts';

export function namesAreUnique(look: Look): void {
  const { nodes, host } = look.profile;
  once(
    look,
    nodes.map(({ name }, index) => item(name, ['nodes', index, 'name'], 'the node name')),
    'give each node its own name',
  );
  for (const [index, node] of nodes.entries()) {
    once(look, linkNames(node, index), 'give each interface and bridge its own name');
    uniqueUsers(look, node.host?.users ?? [], ['nodes', index, 'host', 'users']);
  }
  uniqueUsers(look, host.users, ['host', 'users']);
}

function uniqueUsers(look: Look, users: Profile['host']['users'], path: Path): void {
  const items = users.map(({ name }, index) => item(name, [...path, index, 'name'], 'the user name'));
  once(look, items, 'put all keys of a user into one entry');
}

function linkNames({ network }: Profile['nodes'][number], index: number): readonly Item[] {
  const base: Path = ['nodes', index, 'network'];
  return [
    item(network.management.name, [...base, 'management', 'name'], 'the interface name'),
    ...network.interfaces.map(({ name }, at) => item(name, [...base, 'interfaces', at, 'name'], 'the interface name')),
    ...network.bridges.map(({ name }, at) => item(name, [...base, 'bridges', at, 'name'], 'the interface name')),
  ];
}

export function devicesAreUnique(look: Look): void {
  const { nodes } = look.profile;
  const cards = nodes.flatMap((node, index) => cardsOf(node, index));
  once(
    look,
    cards.flatMap(({ match, path }) =>
      match.mac === undefined ? [] : [item(match.mac, [...path, 'mac'], 'the MAC address')],
    ),
    'each entry is one network card; look the addresses up with: novasphere inventory',
  );
  for (const index of nodes.keys()) {
    const own = cards.filter((card) => card.path[1] === index);
    const slots = own.flatMap(({ match, path }) =>
      match.pci === undefined ? [] : [item(match.pci.toLowerCase(), [...path, 'pci'], 'the PCI address')],
    );
    once(look, slots, 'each entry is one network card; look the addresses up with: novasphere inventory');
  }
}

function cardsOf({ network }: Profile['nodes'][number], index: number) {
  const base: Path = ['nodes', index, 'network'];
  return [
    { match: network.management.match, path: [...base, 'management', 'match'] },
    ...network.interfaces.map(({ match }, at) => ({ match, path: [...base, 'interfaces', at, 'match'] })),
  ];
}

export function addressesAreUnique(look: Look): void {
  const items = look.profile.nodes.flatMap(({ network }, index) => {
    const base: Path = ['nodes', index, 'network'];
    const own = (network.management.addresses ?? []).map((cidr, at) =>
      addressItem(cidr, [...base, 'management', 'addresses', at]),
    );
    const more = network.interfaces.flatMap(({ addresses }, at) =>
      addresses.map((cidr, which) => addressItem(cidr, [...base, 'interfaces', at, 'addresses', which])),
    );
    return [...own, ...more];
  });
  once(look, items, 'give each interface its own address');
}

function addressItem(cidr: string, path: Path): Item {
  return item(addressOf(cidr), path, 'the address');
}

function item(key: string, path: Path, noun: string): Item {
  return { key, path, called: `${noun} ${key}` };
}
