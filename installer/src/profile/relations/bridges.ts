/** Bridges and what they stand on. */
import type { Look } from '../look.ts';
import type { Path } from '../mistake.ts';
import type { Profile } from '../schema.ts';

type Network = Profile['nodes'][number]['network'];

export function bridgesHavePorts(look: Look): void {
  for (const [index, { network }] of look.profile.nodes.entries()) {
    const taken = new Map<string, Path>();
    for (const { path, port, bridge } of portsOf(network, index)) {
      known(look, network, path, port, index);
      const first = taken.get(port);
      if (first === undefined) taken.set(port, path);
      else
        look.say(path, {
          message: `${port} is already a port of a bridge (${look.line(first)})`,
          right: 'an interface can be in one bridge only',
          others: [first],
        });
      const card = network.interfaces.findIndex(({ name }) => name === port);
      if (card !== -1) fits(look, network, { path, port, bridge, card, node: index });
    }
  }
}

export function bridgesSpareManagement(look: Look): void {
  for (const [index, { network }] of look.profile.nodes.entries()) {
    const { name } = network.management;
    const base: Path = ['nodes', index, 'network', 'management'];
    for (const { path, port } of portsOf(network, index)) {
      if (port !== name) continue;
      look.say(path, {
        message: `${port} is the management interface (${look.line(base)}): a bridge over it would take its address away and the node would drop off the network`,
        right: 'give virtual machines a network card of their own under interfaces',
        others: [[...base, 'name']],
      });
    }
  }
}

function portsOf(network: Network, node: number) {
  return network.bridges.flatMap(({ ports }, bridge) =>
    ports.map((port, at) => ({
      port,
      bridge,
      path: ['nodes', node, 'network', 'bridges', bridge, 'ports', at] as Path,
    })),
  );
}

function known(look: Look, network: Network, path: Path, port: string, node: number): void {
  const names = network.interfaces.map(({ name }) => name);
  if (names.includes(port) || port === network.management.name) return;
  const isBridge = network.bridges.some(({ name }) => name === port);
  const message = isBridge ? `${port} is itself a bridge` : `the node has no interface ${port}`;
  const right =
    names.length === 0
      ? `add it under interfaces: {match: {mac: …}, name: ${port}}`
      : `its interfaces are ${names.join(', ')}`;
  look.say(path, { message, right, others: [['nodes', node, 'network', 'interfaces']] });
}

interface Fit {
  readonly path: Path;
  readonly port: string;
  readonly bridge: number;
  readonly card: number;
  readonly node: number;
}

function fits(look: Look, network: Network, { path, port, bridge, card, node }: Fit): void {
  const base: Path = ['nodes', node, 'network'];
  const own = network.bridges[bridge];
  const under = network.interfaces[card];
  if (own === undefined || under === undefined) return;
  if (under.addresses.length > 0) {
    const addresses = [...base, 'interfaces', card, 'addresses'];
    look.say(addresses, {
      message: `${port} is a port of the bridge ${own.name} (${look.line(path)}) and cannot have an address of its own`,
      right: 'leave the address out',
      others: [path],
    });
  }
  if (own.mtu === undefined || own.mtu <= (under.mtu ?? 1500)) return;
  const mtu = [...base, 'bridges', bridge, 'mtu'];
  const portMtu = [...base, 'interfaces', card, 'mtu'];
  look.say(mtu, {
    message: `the bridge ${own.name} has mtu ${own.mtu}, its port ${port} only ${under.mtu ?? 1500} (${look.line(portMtu)})`,
    right: `write mtu: ${own.mtu} at ${port} as well, or mtu: ${under.mtu ?? 1500} here`,
    others: [portMtu],
  });
}
