import type { DiskFacts, Inventory, NicFacts } from '#ports/facts';
import { sizeText } from './size-text.ts';

const indent = ' '.repeat(12);
const width = 80;

/** An inventory for people, on 80 columns. */
export function describeInventory(inventory: Inventory): string {
  const { hostname, taken, disks, nics } = inventory;
  const sections = [
    `${hostname}, as of ${taken.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}`,
    '',
    ...describeMachine(inventory),
    '',
    ...(disks.length === 0 ? [line('disks', 'none found')] : disks.flatMap(describeDisk)),
    '',
    ...(nics.length === 0 ? [line('networks', 'none found')] : nics.flatMap(describeNic)),
  ];
  return `${sections.join('\n')}\n`;
}

function describeMachine(inventory: Inventory): readonly string[] {
  const { machine, memory, kernel, os, clock, modules, devices } = inventory;
  const names = [machine.vendor, machine.product].filter((name) => name !== undefined).join(' ');
  const serial = machine.serial === undefined ? '' : `, serial ${machine.serial}`;
  const uuid = machine.uuid === undefined ? [] : [line('', `uuid ${machine.uuid}`)];
  const hugepages = `hugepages ${memory.hugepages['2Mi']} × 2 MiB, ${memory.hugepages['1Gi']} × 1 GiB`;
  const timezone = clock.timezone === undefined ? '' : `, ${clock.timezone}`;
  return [
    line('machine', `${names || 'of an unnamed maker'}${serial}`),
    ...uuid,
    line('firmware', describeFirmware(inventory)),
    ...describeCpu(inventory),
    line('memory', `${sizeText(memory.total)}, ${hugepages}`),
    line('system', `${os.name}, kernel ${kernel.release}, cgroup ${kernel.cgroup}`),
    line('kernel line', kernel.cmdline || 'unknown'),
    line('devices', `${describeDevices(devices)}; ${modules.length} kernel modules loaded`),
    line('clock', `${clock.synchronized ? 'synchronized' : 'not synchronized, as far as can be seen'}${timezone}`),
  ];
}

function describeFirmware({ firmware, secureBoot, virtualised }: Inventory): string {
  const secure = secureBoot === undefined ? '' : `, secure boot ${secureBoot ? 'on' : 'off'}`;
  const hypervisor = virtualised === undefined ? '' : `; a virtual machine (${virtualised})`;
  return `${firmware === 'uefi' ? 'UEFI' : 'BIOS'}${secure}${hypervisor}`;
}

function describeCpu({ cpu }: Inventory): readonly string[] {
  const counts = [count(cpu.sockets, 'socket'), count(cpu.cores, 'core'), count(cpu.threads, 'thread')];
  const numa = cpu.numaNodes > 1 ? `, ${cpu.numaNodes} NUMA nodes` : '';
  const virtualisation = cpu.virtualisation ?? 'no vmx or svm: virtual machines only by emulation';
  return [line('cpu', `${cpu.model}, ${cpu.architecture}`), line('', `${counts.join(', ')}${numa}; ${virtualisation}`)];
}

function describeDevices(devices: Inventory['devices']): string {
  const there = [devices.kvm && '/dev/kvm', devices.tun && '/dev/net/tun', devices.vhostNet && '/dev/vhost-net'];
  const groups = devices.iommuGroups > 0 ? [count(devices.iommuGroups, 'IOMMU group')] : [];
  const found = [...there.filter((one) => one !== false), ...groups];
  return found.length === 0 ? 'no KVM, tun or vhost-net' : found.join(', ');
}

function describeDisk(disk: DiskFacts, at: number): readonly string[] {
  const kind = [disk.transport, disk.rotational ? 'rotating' : 'solid state', disk.removable && 'removable'];
  const about = [sizeText(disk.size), ...kind, disk.readOnly && 'read-only'].filter((one) => one);
  const use = disk.usedBy.length === 0 ? 'not in use' : `used by ${disk.usedBy.join(', ')}`;
  return [
    line(at === 0 ? 'disks' : '', `${disk.path}  ${about.join(', ')}`),
    ...(disk.model === undefined ? [] : [detail('model', disk.model)]),
    detail('serial', disk.serial ?? 'none told'),
    ...(disk.wwn === undefined ? [] : [detail('wwn', disk.wwn)]),
    ...disk.byId.slice(0, 2).map((id) => detail('by id', id)),
    detail('holds', disk.contents.length === 0 ? 'nothing known' : disk.contents.join(', ')),
    detail('use', use),
  ];
}

function describeNic(nic: NicFacts, at: number): readonly string[] {
  const speed = nic.speed === undefined ? '' : `, ${nic.speed} Mbit/s`;
  const link = nic.carrier ? `link${speed}` : 'no link';
  const hardware = [nic.driver, nic.pci].filter((one) => one !== undefined).join(' at ');
  return [
    line(at === 0 ? 'networks' : '', `${nic.name}  ${nic.mac}  ${link}, mtu ${nic.mtu}`),
    hardware === '' ? detail('kind', nic.kind) : detail('driver', hardware),
    ...(nic.addresses.length === 0 ? [] : [detail('address', nic.addresses.join(', '))]),
  ];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function detail(name: string, text: string): string {
  return line('', `  ${name.padEnd(8)}${text}`);
}

/** Label and text; what does not fit into the width goes on below, broken at spaces where there are any. */
function line(label: string, text: string): string {
  const rows: string[] = [];
  let rest = text;
  while (rest.length > width - indent.length) {
    const space = rest.lastIndexOf(' ', width - indent.length);
    const cut = space <= 0 ? width - indent.length : space;
    rows.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  return [...rows, rest].map((row, at) => `${(at === 0 ? label : '').padEnd(indent.length)}${row}`).join('\n');
}
