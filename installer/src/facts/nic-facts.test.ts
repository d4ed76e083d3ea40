import { describe, expect, it } from 'vitest';
import { links } from './links.ts';
import { nicFacts } from './nic-facts.ts';

/** Recorded from a virtual machine with `ip -j -d address`, cut to what matters. */
const recorded = JSON.stringify([
  { ifname: 'lo', flags: ['LOOPBACK', 'UP', 'LOWER_UP'], mtu: 65536, link_type: 'loopback', addr_info: [] },
  {
    ifname: 'ifb0',
    flags: ['BROADCAST', 'NOARP'],
    mtu: 1500,
    link_type: 'ether',
    address: '3e:89:2f:ad:5e:bc',
    addr_info: [],
  },
  {
    ifname: 'eth0',
    flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
    mtu: 1400,
    link_type: 'ether',
    address: '02:FC:00:00:00:01',
    parentbus: 'virtio',
    parentdev: 'virtio2',
    addr_info: [
      { family: 'inet', local: '192.0.2.2', prefixlen: 24, scope: 'global' },
      { family: 'inet6', local: 'fe80::fc:ff:fe00:1', prefixlen: 64, scope: 'link' },
    ],
  },
]);

describe('nicFacts', () => {
  it('reads a virtual machine', () => {
    const extras = new Map([
      [
        'eth0',
        { link: '../../devices/pci0000:00/0000:00:03.0/virtio2/net/eth0', uevent: 'DRIVER=virtio_net\n', speed: '-1' },
      ],
      ['ifb0', { link: '../../devices/virtual/net/ifb0' }],
    ]);

    expect(nicFacts(recorded, extras)).toEqual([
      { name: 'ifb0', mac: '3e:89:2f:ad:5e:bc', carrier: false, mtu: 1500, addresses: [], kind: 'virtual' },
      {
        name: 'eth0',
        mac: '02:fc:00:00:00:01',
        driver: 'virtio_net',
        pci: '0000:00:03.0',
        carrier: true,
        mtu: 1400,
        addresses: ['192.0.2.2/24'],
        kind: 'physical',
      },
    ]);
  });

  it('tells the burnt-in MAC of a port in a bond', () => {
    const json = JSON.stringify([
      {
        ifname: 'eno1',
        link_type: 'ether',
        address: '02:00:00:00:00:01',
        permaddr: '3c:ec:ef:00:00:01',
        parentbus: 'pci',
        parentdev: '0000:18:00.0',
      },
    ]);

    const [nic] = nicFacts(
      json,
      new Map([['eno1', { uevent: 'DRIVER=ixgbe\nPCI_SLOT_NAME=0000:18:00.0', speed: '10000' }]]),
    );

    expect(nic).toMatchObject({
      mac: '3c:ec:ef:00:00:01',
      pci: '0000:18:00.0',
      driver: 'ixgbe',
      speed: 10000,
      carrier: false,
    });
  });

  it.each(['', 'Cannot open netlink socket'])('sees no interface in %j', (text) => {
    expect(nicFacts(text)).toEqual([]);
  });
});

describe('links', () => {
  it('reads where links point, in either way of quoting', () => {
    const text = "'/dev/disk/by-id/a' -> '../../sda'\n/dev/disk/by-id/b -> ../../sdb\n'/dev/plain'";

    expect([...links(text)]).toEqual([
      ['/dev/disk/by-id/a', '../../sda'],
      ['/dev/disk/by-id/b', '../../sdb'],
    ]);
  });
});
