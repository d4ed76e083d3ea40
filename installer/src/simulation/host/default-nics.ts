import type { NicFacts } from '#ports/facts';
import type { NicMatch, Node } from '#profile/schema';
import { uuidOf } from './boot-id.ts';

const drivers = ['igb', 'ixgbe', 'ice', 'e1000e', 'virtio_net'] as const;
/** Documentation network (RFC 5737): what DHCP gives where the profile asks for DHCP. */
const leased = '192.0.2.10/24';

/** One NIC with a link for every one that the node names; the management NIC has its address already. */
export function nicsFor({ name, network }: Node, isLab: boolean): readonly NicFacts[] {
  const { management, interfaces } = network;
  const matches = [management.match, ...interfaces.map((one) => one.match)];
  const asked = new Set(matches.map((match) => match.driver));
  const usual = isLab ? 'virtio_net' : (drivers.find((driver) => !asked.has(driver)) ?? 'tg3');
  return matches.map((match, at) => {
    const addresses = at > 0 ? [] : management.addresses?.length ? management.addresses : [leased];
    return nicFor(name, match, { at, addresses, driver: match.driver ?? usual });
  });
}

interface Frame {
  readonly at: number;
  readonly addresses: readonly string[];
  readonly driver: string;
}

function nicFor(node: string, match: NicMatch, { at, addresses, driver }: Frame): NicFacts {
  const seed = uuidOf(`${node} nic ${at}`).replaceAll('-', '');
  const mac = match.mac ?? `3c:ec:ef:${seed.slice(0, 2)}:${seed.slice(2, 4)}:${seed.slice(4, 6)}`;
  return {
    name: driver === 'virtio_net' ? `enp${at + 1}s0` : `eno${at + 1}`,
    mac,
    driver,
    pci: match.pci ?? `0000:0${at + 3}:00.0`,
    carrier: true,
    speed: 10_000,
    mtu: 1500,
    addresses: [...addresses],
    kind: 'physical',
  };
}
