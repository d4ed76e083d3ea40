import type { Node } from '#profile/schema';
import { uplinkOf } from '../verbs/node-network.ts';

/** The profile's network in netplan's words. Interfaces are known by the names that `host/nic-names` pins. */
export function netplanOf(node: Node): object {
  const { management, interfaces, bridges } = node.network;
  const uplink = uplinkOf(node);
  const own = ownAddress(node);
  const ethernets = [
    [management.name, { ...(uplink === management.name ? own : silent), ...mtu(management.mtu) }],
    ...interfaces.map(({ name, mtu: size, addresses }) => [
      name,
      { ...addressed(addresses), optional: true, ...mtu(size) },
    ]),
  ];
  const bridged = bridges.map(({ name, ports, mtu: size }) => [
    name,
    {
      interfaces: ports,
      ...(uplink === name ? { ...own, ...sameMac(node) } : { ...silent, optional: true }),
      ...mtu(size),
      parameters: { stp: false },
    },
  ]);
  return {
    network: {
      version: 2,
      renderer: 'NetworkManager',
      ethernets: Object.fromEntries(ethernets),
      ...(bridges.length === 0 ? {} : { bridges: Object.fromEntries(bridged) }),
    },
  };
}

const silent = { dhcp4: false, dhcp6: false } as const;

function ownAddress({ network: { management } }: Node): object {
  return {
    ...addressed(management.addresses ?? []),
    dhcp4: management.dhcp,
    ...(management.gateway === undefined ? {} : { routes: [{ to: 'default', via: management.gateway }] }),
  };
}

function addressed(addresses: readonly string[]): object {
  return { ...silent, ...(addresses.length === 0 ? {} : { addresses }) };
}

/** The DHCP server and the switches go on seeing the address that they know. */
function sameMac({ network }: Node): object {
  const { mac } = network.management.match;
  return mac === undefined ? {} : { macaddress: mac };
}

function mtu(size: number | undefined): object {
  return size === undefined ? {} : { mtu: size };
}
