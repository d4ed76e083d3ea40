import type { Inventory } from '#ports/facts';
import type { Node, Profile } from '#profile/schema';
import { bootIdOf, uuidOf } from './boot-id.ts';
import { disksFor } from './default-disks.ts';
import { nicsFor } from './default-nics.ts';

const gibibyte = 2 ** 30;
const release = '6.8.0-85-generic';

/** A machine that fits a node of a profile: Ubuntu Server 24.04, just installed, with the disks and NICs that it names. */
export function defaultInventory(node: Node, profile?: Profile): Inventory {
  const isLab = profile?.components.kubevirt.emulation === 'always';
  const disks = disksFor(node, isLab);
  const root = uuidOf(`${node.name} /dev/${disks[0]?.contents.at(-1)?.split(':')[0]}`);
  return {
    version: 1,
    hostname: node.name,
    taken: '2026-11-21T06:00:00.000Z',
    machine: machineOf(node, isLab),
    firmware: 'uefi',
    secureBoot: false,
    ...(isLab ? { virtualised: 'kvm' } : {}),
    cpu: cpuOf(isLab),
    memory: { total: memoryFor(node, profile), hugepages: { '2Mi': 0, '1Gi': 0 } },
    kernel: { release, cmdline: `BOOT_IMAGE=/vmlinuz-${release} root=/dev/disk/by-uuid/${root} ro`, cgroup: 'v2' },
    os: { id: 'ubuntu', version: '24.04', name: 'Ubuntu 24.04.3 LTS' },
    disks,
    nics: nicsFor(node, isLab),
    modules: isLab ? ['virtio_blk', 'virtio_net'] : ['irqbypass', 'ixgbe', 'kvm', 'kvm_intel', 'nvme_core'],
    devices: { kvm: !isLab, tun: true, vhostNet: false, iommuGroups: 0 },
    clock: { synchronized: true, timezone: 'Etc/UTC' },
    bootId: bootIdOf(node.name, 1),
  };
}

function cpuOf(isLab: boolean): Inventory['cpu'] {
  const shared = { architecture: 'amd64', sockets: 1, cores: 8, numaNodes: 1 } as const;
  if (isLab) return { ...shared, model: 'QEMU Virtual CPU version 2.5+', threads: 8 };
  return { ...shared, model: 'Intel(R) Xeon(R) D-2752TER CPU @ 1.80GHz', threads: 16, virtualisation: 'vmx' };
}

function machineOf({ name, machine = {} }: Node, isLab: boolean): Inventory['machine'] {
  const uuid = machine.uuid ?? uuidOf(`machine ${name}`);
  const serial = machine.serial ?? uuid.slice(0, 8).toUpperCase();
  return isLab
    ? { vendor: 'QEMU', product: 'Standard PC (Q35 + ICH9, 2009)', serial, uuid }
    : { vendor: 'Supermicro', product: 'SYS-E300-12D', serial, uuid };
}

/** 32 GiB, or what the hugepages of the profile leave room beside. */
function memoryFor(node: Node, profile: Profile | undefined): number {
  const pages = node.host?.hugepages ?? profile?.host.hugepages;
  const huge = (pages?.['2Mi'] ?? 0) * 2 ** 21 + (pages?.['1Gi'] ?? 0) * gibibyte;
  return Math.ceil((huge + 24 * gibibyte) / (32 * gibibyte)) * 32 * gibibyte;
}
