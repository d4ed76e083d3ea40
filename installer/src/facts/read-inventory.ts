import type { Inventory } from '#ports/facts';
import type { HostSight } from '#ports/host';
import { cpuFacts } from './cpu-facts.ts';
import { keyValues } from './key-values.ts';
import { type Peek, peekAt } from './peek.ts';
import { readDisks } from './read-disks.ts';
import { readNics } from './read-nics.ts';
import { virtualised } from './virtualised.ts';

/** What this machine is. Asks everything at once; what cannot be learnt is left out, never guessed. */
export async function readInventory(host: HostSight, now: number): Promise<Inventory> {
  const peek = peekAt(host);
  const [identity, system, { hypervisor, ...cpu }, memory, os, disks, nics, devices, clock] = await Promise.all([
    readIdentity(peek, host.name),
    readSystem(peek),
    readCpu(peek),
    readMemory(peek),
    readOs(peek),
    readDisks(peek),
    readNics(peek),
    readDevices(peek),
    readClock(peek),
  ]);
  const hidden = virtualised(system.machine.vendor, system.machine.product, hypervisor);
  return {
    version: 1,
    ...identity,
    taken: new Date(now).toISOString(),
    ...system,
    ...(hidden === undefined ? {} : { virtualised: hidden }),
    cpu,
    memory,
    ...os,
    disks,
    nics,
    devices,
    clock,
  };
}

async function readIdentity(peek: Peek, name: string): Promise<Pick<Inventory, 'hostname' | 'modules' | 'bootId'>> {
  const [hostname, modules, bootId] = await Promise.all([
    peek.text('/proc/sys/kernel/hostname'),
    peek.text('/proc/modules'),
    peek.text('/proc/sys/kernel/random/boot_id'),
  ]);
  const loaded = modules.split('\n').flatMap((line) => line.split(' ')[0] || []);
  return { hostname: hostname || name, modules: loaded.sort(), bootId };
}

async function readSystem(peek: Peek): Promise<Pick<Inventory, 'machine' | 'firmware' | 'secureBoot'>> {
  const dmi = '/sys/class/dmi/id';
  const [vendor, product, serial, uuid, efi, secure] = await Promise.all([
    peek.text(`${dmi}/sys_vendor`),
    peek.text(`${dmi}/product_name`),
    peek.text(`${dmi}/product_serial`),
    peek.text(`${dmi}/product_uuid`),
    peek.has('/sys/firmware/efi'),
    peek.raw('/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c'),
  ]);
  const named = Object.entries({ vendor, product, serial, uuid }).filter(([, value]) => value !== '');
  // Four bytes of attributes, then the value (UEFI specification, section 8.2).
  const secureBoot = secure.length === 5 ? { secureBoot: secure.charCodeAt(4) === 1 } : {};
  return { machine: Object.fromEntries(named), firmware: efi ? 'uefi' : 'bios', ...(efi ? secureBoot : {}) };
}

async function readCpu(peek: Peek): Promise<Inventory['cpu'] & { readonly hypervisor: boolean }> {
  const [cpuinfo, machine, nodes] = await Promise.all([
    peek.text('/proc/cpuinfo'),
    readMachine(peek),
    peek.list('/sys/devices/system/node'),
  ]);
  const numaNodes = Math.max(1, nodes.filter((name) => /^node\d+$/.test(name)).length);
  return { ...cpuFacts(cpuinfo), architecture: machine === 'aarch64' ? 'arm64' : 'amd64', numaNodes };
}

/** `x86_64`; the kernel tells it by itself since 6.1. */
async function readMachine(peek: Peek): Promise<string> {
  return (await peek.text('/proc/sys/kernel/arch')) || peek.answer(['uname', '-m']);
}

async function readMemory(peek: Peek): Promise<Inventory['memory']> {
  const pages = (size: string) => peek.text(`/sys/kernel/mm/hugepages/hugepages-${size}/nr_hugepages`);
  const [meminfo, small, big] = await Promise.all([peek.text('/proc/meminfo'), pages('2048kB'), pages('1048576kB')]);
  const total = Number(/^MemTotal:\s+(\d+) kB$/m.exec(meminfo)?.[1] ?? 0) * 1024;
  return { total, hugepages: { '2Mi': Number(small), '1Gi': Number(big) } };
}

async function readOs(peek: Peek): Promise<Pick<Inventory, 'kernel' | 'os'>> {
  const [release, cmdline, cgroup, text] = await Promise.all([
    peek.text('/proc/sys/kernel/osrelease'),
    peek.text('/proc/cmdline'),
    // Only the root of the unified hierarchy has it (kernel.org, cgroup-v2); a look costs less than a command.
    peek.has('/sys/fs/cgroup/cgroup.controllers'),
    peek.text('/etc/os-release'),
  ]);
  const about = keyValues(text);
  const id = about.get('ID') ?? 'linux';
  return {
    kernel: { release, cmdline, cgroup: cgroup ? 'v2' : 'v1' },
    os: { id, version: about.get('VERSION_ID') ?? '', name: about.get('PRETTY_NAME') ?? id },
  };
}

async function readDevices(peek: Peek): Promise<Inventory['devices']> {
  const [kvm, tun, vhostNet, groups] = await Promise.all([
    peek.has('/dev/kvm'),
    peek.has('/dev/net/tun'),
    peek.has('/dev/vhost-net'),
    peek.list('/sys/kernel/iommu_groups'),
  ]);
  return { kvm, tun, vhostNet, iommuGroups: groups.length };
}

async function readClock(peek: Peek): Promise<Inventory['clock']> {
  const [shown, stored] = await Promise.all([peek.answer(['timedatectl', 'show']), peek.text('/etc/timezone')]);
  const about = keyValues(shown);
  const timezone = about.get('Timezone') || stored;
  return { synchronized: about.get('NTPSynchronized') === 'yes', ...(timezone === '' ? {} : { timezone }) };
}
