import { describe, expect, it } from 'vitest';
import type { Inventory } from '#ports/facts';
import { describeInventory } from './describe-inventory.ts';

const server: Inventory = {
  version: 1,
  hostname: 'plant-7-a',
  taken: '2026-11-21T06:00:00.000Z',
  machine: {
    vendor: 'Supermicro',
    product: 'SYS-E300-12D',
    serial: '7XK2M13',
    uuid: '34443906-51eb-4623-a89b-4863b2a76c5c',
  },
  firmware: 'uefi',
  secureBoot: false,
  cpu: {
    model: 'Intel(R) Xeon(R) D-2752TER CPU @ 1.80GHz',
    architecture: 'amd64',
    sockets: 1,
    cores: 8,
    threads: 16,
    virtualisation: 'vmx',
    numaNodes: 2,
  },
  memory: { total: 34359738368, hugepages: { '2Mi': 1024, '1Gi': 0 } },
  kernel: {
    release: '6.8.0-85-generic',
    cmdline: 'BOOT_IMAGE=/vmlinuz-6.8.0-85-generic root=UUID=1a508a52 ro',
    cgroup: 'v2',
  },
  os: { id: 'ubuntu', version: '24.04', name: 'Ubuntu 24.04.3 LTS' },
  disks: [
    {
      path: '/dev/sda',
      serial: 'S5XANX0N900123',
      wwn: '0x5002538f00000001',
      model: 'SAMSUNG MZ7L31T9',
      byId: ['ata-SAMSUNG_MZ7L31T9_S5XANX0N900123', 'wwn-0x5002538f00000001'],
      size: 1920383410176,
      rotational: false,
      removable: false,
      transport: 'sata',
      readOnly: false,
      contents: ['gpt', 'sda1: vfat "EFI"', 'sda2: ext4'],
      usedBy: ['/boot/efi', '/'],
    },
    {
      path: '/dev/sdb',
      byId: [],
      size: 8001563222016,
      rotational: true,
      removable: true,
      readOnly: true,
      contents: [],
      usedBy: [],
    },
  ],
  nics: [
    {
      name: 'eno1',
      mac: '3c:ec:ef:00:00:01',
      driver: 'ixgbe',
      pci: '0000:03:00.0',
      carrier: true,
      speed: 10000,
      mtu: 1500,
      addresses: ['10.7.0.10/24'],
      kind: 'physical',
    },
    { name: 'br-lan', mac: '3c:ec:ef:00:00:02', carrier: false, mtu: 9000, addresses: [], kind: 'virtual' },
  ],
  modules: ['kvm', 'kvm_intel'],
  devices: { kvm: true, tun: true, vhostNet: false, iommuGroups: 24 },
  clock: { synchronized: true, timezone: 'Asia/Shanghai' },
  bootId: '64f6e2b9-fc35-4d94-abf8-4ea2c421ec1d',
};

describe('describeInventory', () => {
  it('tells people what the machine is', () => {
    expect(describeInventory(server)).toMatchInlineSnapshot(`
      "plant-7-a, as of 2026-11-21 06:00:00 UTC

      machine     Supermicro SYS-E300-12D, serial 7XK2M13
                  uuid 34443906-51eb-4623-a89b-4863b2a76c5c
      firmware    UEFI, secure boot off
      cpu         Intel(R) Xeon(R) D-2752TER CPU @ 1.80GHz, amd64
                  1 socket, 8 cores, 16 threads, 2 NUMA nodes; vmx
      memory      32 GiB, hugepages 1024 × 2 MiB, 0 × 1 GiB
      system      Ubuntu 24.04.3 LTS, kernel 6.8.0-85-generic, cgroup v2
      kernel line BOOT_IMAGE=/vmlinuz-6.8.0-85-generic root=UUID=1a508a52 ro
      devices     /dev/kvm, /dev/net/tun, 24 IOMMU groups; 2 kernel modules loaded
      clock       synchronized, Asia/Shanghai

      disks       /dev/sda  1.7 TiB, sata, solid state
                    model   SAMSUNG MZ7L31T9
                    serial  S5XANX0N900123
                    wwn     0x5002538f00000001
                    by id   ata-SAMSUNG_MZ7L31T9_S5XANX0N900123
                    by id   wwn-0x5002538f00000001
                    holds   gpt, sda1: vfat "EFI", sda2: ext4
                    use     used by /boot/efi, /
                  /dev/sdb  7.3 TiB, rotating, removable, read-only
                    serial  none told
                    holds   nothing known
                    use     not in use

      networks    eno1  3c:ec:ef:00:00:01  link, 10000 Mbit/s, mtu 1500
                    driver  ixgbe at 0000:03:00.0
                    address 10.7.0.10/24
                  br-lan  3c:ec:ef:00:00:02  no link, mtu 9000
                    kind    virtual
      "
    `);
  });

  it('stays within 80 columns', () => {
    const long = { ...server, kernel: { ...server.kernel, cmdline: `${'x'.repeat(200)} ${'y z '.repeat(80)}` } };

    const widths = describeInventory(long)
      .split('\n')
      .map((line) => line.length);

    expect(Math.max(...widths)).toBeLessThanOrEqual(80);
  });

  it('says so when there is nothing', () => {
    const { virtualisation: _, ...cpu } = server.cpu;
    const empty = {
      ...server,
      machine: {},
      cpu,
      disks: [],
      nics: [],
      modules: [],
      devices: { kvm: false, tun: false, vhostNet: false, iommuGroups: 0 },
      clock: { synchronized: false },
    };

    expect(describeInventory(empty)).toMatchInlineSnapshot(`
      "plant-7-a, as of 2026-11-21 06:00:00 UTC

      machine     of an unnamed maker
      firmware    UEFI, secure boot off
      cpu         Intel(R) Xeon(R) D-2752TER CPU @ 1.80GHz, amd64
                  1 socket, 8 cores, 16 threads, 2 NUMA nodes; no vmx or svm: virtual
                  machines only by emulation
      memory      32 GiB, hugepages 1024 × 2 MiB, 0 × 1 GiB
      system      Ubuntu 24.04.3 LTS, kernel 6.8.0-85-generic, cgroup v2
      kernel line BOOT_IMAGE=/vmlinuz-6.8.0-85-generic root=UUID=1a508a52 ro
      devices     no KVM, tun or vhost-net; 0 kernel modules loaded
      clock       not synchronized, as far as can be seen

      disks       none found

      networks    none found
      "
    `);
  });
});
