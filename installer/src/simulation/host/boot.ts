import { bootIdOf } from './boot-id.ts';
import { synchronizeSoon } from './clock-sync.ts';
import { deviceAt, signatureOf } from './disks.ts';
import { mountRootAnyway } from './disks-from.ts';
import { fstabOf } from './fstab.ts';
import { hugepagesOf, nextCmdline } from './grub.ts';
import { syncImages, tearImages } from './k3s-images.ts';
import { canLoad, loadModule, virtualisationOf } from './modules.ts';
import { configureNetwork } from './network.ts';
import type { SimulatedMachine } from './simulated-machine.ts';
import { setSysctl, sysctlLines } from './sysctl.ts';
import { resolverFiles } from './system-files.ts';
import { isK3s, startUnit } from './systemd.ts';

const firmwareAndKernel = 40_000;
const volatile = ['/run', '/tmp', '/dev/shm'];
const baseListeners = [
  { protocol: 'tcp', address: '0.0.0.0', port: 22, process: 'sshd' },
  { protocol: 'udp', address: '127.0.0.53%lo', port: 53, process: 'systemd-resolve' },
] as const;

/** From the power button to the last unit. */
export async function comeUp(machine: SimulatedMachine): Promise<void> {
  if (machine.on) throw new Error(`the simulated host ${machine.name} is on already`);
  await machine.clock.sleep(firmwareAndKernel);
  machine.power = 'on';
  machine.boots++;
  machine.bootId = bootIdOf(machine.name, machine.boots);
  machine.cmdline = nextCmdline(machine) ?? machine.cmdline;
  startKernel(machine);
  mountAll(machine);
  configureNetwork(machine);
  machine.listeners.push(...baseListeners);
  for (const [path, text] of Object.entries(resolverFiles)) machine.files.put(path, text);
  startEnabled(machine);
}

/** `clean`: everything was made safe first. */
export function goDown(machine: SimulatedMachine, how: 'cut' | 'clean'): void {
  if (how === 'clean') syncImages(machine);
  else if (machine.on) tearImages(machine);
  machine.power = how === 'clean' ? 'going-down' : 'off';
  for (const [name, unit] of machine.units) {
    const ran = unit.active === 'active' || unit.active === 'activating';
    unit.active = 'inactive';
    if (ran) machine.tellUnit(name, 'stopped');
  }
  for (const path of volatile) machine.files.removeTree(path);
  machine.units.delete('kubepods.slice');
  machine.modules.clear();
  machine.sysctl.clear();
  machine.mounts = [];
  machine.swaps = [];
  machine.hugepages = { '2Mi': 0, '1Gi': 0 };
  machine.synchronizedAt = Number.POSITIVE_INFINITY;
  machine.listeners.length = 0;
  machine.firewall = [];
}

/** Modules, settings and reservations, from what is configured; memory is not yet fragmented. */
function startKernel(machine: SimulatedMachine): void {
  const flag = virtualisationOf(machine);
  for (const name of machine.autoload) if (canLoad(machine, name)) loadModule(machine, name);
  if (flag !== undefined) loadModule(machine, flag === 'vmx' ? 'kvm_intel' : 'kvm_amd');
  for (const name of listed(machine, '/etc/modules-load.d')) if (canLoad(machine, name)) loadModule(machine, name);
  machine.hugepages = { ...hugepagesOf(machine.cmdline) };
  machine.iommuGroups = /\b(intel|amd)_iommu=on\b/.test(machine.cmdline) ? 24 : machine.hardware.devices.iommuGroups;
  const folder = '/etc/sysctl.d';
  for (const name of machine.files.list(folder).filter((one) => one.endsWith('.conf'))) {
    for (const [key, value] of sysctlLines(machine.files.read(`${folder}/${name}`) ?? ''))
      setSysctl(machine, key, value);
  }
}

function listed(machine: SimulatedMachine, folder: string): readonly string[] {
  const texts = machine.files.list(folder).filter((name) => name.endsWith('.conf'));
  return texts
    .flatMap((name) => (machine.files.read(`${folder}/${name}`) ?? '').split('\n'))
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^[#;]/.test(line));
}

function mountAll(machine: SimulatedMachine): void {
  for (const { device: name, path, type, options } of fstabOf(machine)) {
    if (type === 'swap') {
      machine.swaps.push(name);
      continue;
    }
    const device = deviceAt(machine, name);
    const holds = device && signatureOf(device);
    if (device === undefined || holds === undefined) {
      if (options.includes('nofail')) continue;
      throw new Error(
        `the simulated host ${machine.name} stays in emergency mode: fstab mounts ${name} on ${path}, and there is no such filesystem`,
      );
    }
    const size = device.partition?.size ?? device.disk.size;
    machine.mounts.push({ device: device.path, path, filesystem: holds.type, size });
  }
  mountRootAnyway(machine);
}

/** k3s takes its time and nobody waits for it; everything else is there at once. */
function startEnabled(machine: SimulatedMachine): void {
  synchronizeSoon(machine);
  const wanted = [...machine.units].filter(([, unit]) => unit.enablement === 'enabled' || unit.enablement === 'static');
  for (const [name, unit] of wanted) {
    if (isK3s(name)) continue;
    unit.active = 'active';
    machine.tellUnit(name, 'started');
  }
  for (const [name] of wanted) {
    // A unit that fails at boot is `failed` in systemctl; what is wrong in the simulation itself ends the process.
    if (isK3s(name)) void startUnit(machine, name);
  }
}
