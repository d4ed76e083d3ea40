import type { KernelTree, Leaf } from './kernel-tree.ts';
import { loadedModules } from './modules.ts';
import { hasCarrier } from './network.ts';
import type { SimulatedMachine } from './simulated-machine.ts';
import type { Nic } from './state.ts';

const secureBoot = '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c';

/** /sys by its parts: each is only made for who looks into it. */
const parts: readonly (readonly [folder: string, make: (machine: SimulatedMachine) => KernelTree])[] = [
  ['/sys/class/dmi', firmware],
  ['/sys/firmware', firmware],
  ['/sys/module', modules],
  ['/sys/kernel/mm', hugepages],
  ['/sys/class/net', (machine) => Object.assign({}, ...machine.nics.map((nic) => network(machine, nic)))],
  [
    '/sys/devices/system/node',
    ({ hardware }) => many('/sys/devices/system/node/node', hardware.cpu.numaNodes, '/meminfo'),
  ],
  ['/sys/kernel/iommu_groups', ({ iommuGroups }) => many('/sys/kernel/iommu_groups/', iommuGroups, '/type')],
  ['/sys/class/iommu', iommu],
  [
    '/sys/fs/cgroup',
    ({ hardware: { kernel } }): KernelTree =>
      kernel.cgroup === 'v2'
        ? { '/sys/fs/cgroup/cgroup.controllers': () => 'cpuset cpu io memory hugetlb pids\n' }
        : {},
  ],
];

/** What /sys holds at and around a path. */
export function sysTree(machine: SimulatedMachine, path: string): KernelTree {
  const near = parts.filter(([folder]) => path.startsWith(folder) || folder.startsWith(path));
  return Object.assign({}, ...near.map(([, make]) => make(machine)));
}

function iommu({ iommuGroups }: SimulatedMachine): KernelTree {
  return iommuGroups > 0 ? { '/sys/class/iommu/dmar0': { link: '../../devices/virtual/iommu/dmar0' } } : {};
}

function many(start: string, count: number, end: string): KernelTree {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`${start}${at}${end}`, () => '']));
}

function firmware({ hardware }: SimulatedMachine): KernelTree {
  const { machine, firmware, secureBoot: secure } = hardware;
  const names = {
    sys_vendor: machine.vendor,
    product_name: machine.product,
    product_serial: machine.serial,
    product_uuid: machine.uuid,
  };
  const known = Object.entries(names).flatMap(([name, value]) =>
    value === undefined ? [] : [[`/sys/class/dmi/id/${name}`, () => `${value}\n`] as const],
  );
  return {
    ...Object.fromEntries(known),
    ...(firmware === 'uefi' ? { '/sys/firmware/efi/fw_platform_size': () => '64\n' } : {}),
    ...(secure === undefined ? {} : { [secureBoot]: () => `\u0006\0\0\0${secure ? '\u0001' : '\0'}` }),
  };
}

function modules(machine: SimulatedMachine): KernelTree {
  const names = [...loadedModules(machine), ...machine.builtin];
  const nested = names.filter((name) => /^kvm_(intel|amd)$/.test(name));
  return {
    ...Object.fromEntries(names.map((name) => [`/sys/module/${name}/initstate`, () => 'live\n'])),
    ...Object.fromEntries(
      nested.map((name) => [`/sys/module/${name}/parameters/nested`, () => (name === 'kvm_intel' ? 'Y\n' : '1\n')]),
    ),
  };
}

function hugepages({ hugepages }: SimulatedMachine): KernelTree {
  const directory = '/sys/kernel/mm/hugepages/hugepages';
  return {
    [`${directory}-2048kB/nr_hugepages`]: () => `${hugepages['2Mi']}\n`,
    [`${directory}-2048kB/free_hugepages`]: () => `${hugepages['2Mi']}\n`,
    [`${directory}-1048576kB/nr_hugepages`]: () => `${hugepages['1Gi']}\n`,
    [`${directory}-1048576kB/free_hugepages`]: () => `${hugepages['1Gi']}\n`,
  };
}

function network(machine: SimulatedMachine, nic: Nic): KernelTree {
  const at = `/sys/class/net/${nic.name}`;
  const up = hasCarrier(machine, nic);
  const place = nic.pci === undefined ? 'pci0000:00' : `pci0000:00/${nic.pci}`;
  const link =
    nic.kind === 'physical' ? `../../devices/${place}/net/${nic.name}` : `../../devices/virtual/net/${nic.name}`;
  const uevent = [nic.driver && `DRIVER=${nic.driver}\n`, nic.pci && `PCI_SLOT_NAME=${nic.pci}\n`].join('');
  const device: Record<string, Leaf> =
    nic.kind === 'physical'
      ? { [`${at}/device/uevent`]: () => uevent, [`${at}/speed`]: () => `${up ? (nic.speed ?? -1) : -1}\n` }
      : {};
  return {
    [at]: { link },
    [`${at}/address`]: () => `${nic.mac}\n`,
    [`${at}/carrier`]: () => (up ? '1\n' : '0\n'),
    [`${at}/mtu`]: () => `${nic.mtu}\n`,
    [`${at}/operstate`]: () => (up ? 'up\n' : 'down\n'),
    [`${at}/type`]: () => '1\n',
    ...device,
    ...(nic.kind === 'bridge' ? { [`${at}/bridge/bridge_id`]: () => '8000.000000000000\n' } : {}),
  };
}
