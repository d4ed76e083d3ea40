import type { NicFacts } from '#ports/facts';

interface Link {
  readonly ifname: string;
  readonly flags?: readonly string[];
  readonly mtu?: number;
  readonly link_type?: string;
  readonly address?: string;
  readonly permaddr?: string;
  readonly parentbus?: string;
  readonly parentdev?: string;
  readonly addr_info?: readonly { readonly local?: string; readonly prefixlen?: number; readonly scope?: string }[];
}

/** What /sys/class/net/<name> adds to what `ip` tells. */
export interface NicExtra {
  /** Where the name in /sys/class/net links to. */
  readonly link?: string;
  readonly uevent?: string;
  readonly speed?: string;
}

/** Network interfaces from `ip -j -d address`, without loopback. The MAC is the one burnt in, also in a bond or bridge. */
export function nicFacts(json: string, extras: ReadonlyMap<string, NicExtra> = new Map()): readonly NicFacts[] {
  return parse(json)
    .filter((link) => link.link_type === 'ether')
    .map((link) => nic(link, extras.get(link.ifname) ?? {}));
}

function parse(json: string): readonly Link[] {
  try {
    return JSON.parse(json) as readonly Link[];
  } catch {
    return [];
  }
}

function nic(link: Link, { link: place = '', uevent = '', speed = '' }: NicExtra): NicFacts {
  const driver = /^DRIVER=(.+)$/m.exec(uevent)?.[1];
  const slot = link.parentbus === 'pci' ? link.parentdev : /^PCI_SLOT_NAME=(.+)$/m.exec(uevent)?.[1];
  const pci = slot ?? place.match(/[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7](?=\/)/g)?.at(-1);
  const megabits = Number.parseInt(speed, 10);
  return {
    name: link.ifname,
    mac: (link.permaddr ?? link.address ?? '').toLowerCase(),
    ...(driver === undefined ? {} : { driver }),
    ...(pci === undefined ? {} : { pci }),
    carrier: (link.flags ?? []).includes('LOWER_UP'),
    ...(megabits > 0 ? { speed: megabits } : {}),
    mtu: link.mtu ?? 1500,
    addresses: (link.addr_info ?? []).flatMap((address) =>
      address.local === undefined || address.scope === 'link' ? [] : [`${address.local}/${address.prefixlen ?? 32}`],
    ),
    kind: uevent === '' || place.includes('/virtual/') ? 'virtual' : 'physical',
  };
}
