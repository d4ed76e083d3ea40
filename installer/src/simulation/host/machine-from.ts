import type { Inventory } from '#ports/facts';
import { disksFrom, mountFrom } from './disks-from.ts';
import { hasModule, ubuntuBuiltin } from './modules.ts';
import { nicsFrom } from './nics-from.ts';
import { installPackage, ubuntuPackages } from './packages.ts';
import { type MachineOptions, SimulatedMachine } from './simulated-machine.ts';
import { putSystemFiles } from './system-files.ts';

/** A machine that is what an inventory says, freshly installed and running: no time passes. */
export function machineFrom(inventory: Inventory, options: MachineOptions): SimulatedMachine {
  const machine = new SimulatedMachine(inventory, options);
  machine.disks = disksFrom(inventory);
  mountFrom(machine);
  machine.nics = nicsFrom(inventory);
  machine.hugepages = { ...inventory.memory.hugepages };
  machine.iommuGroups = inventory.devices.iommuGroups;
  machine.timezone = inventory.clock.timezone ?? 'Etc/UTC';
  if (inventory.clock.synchronized) machine.synchronizedAt = Number.NEGATIVE_INFINITY;
  loadKernel(machine);
  putSystemFiles(machine);
  for (const name of ubuntuPackages) installPackage(machine, name, inventory.os.version);
  machine.listeners.push(
    { protocol: 'tcp', address: '0.0.0.0', port: 22, process: 'sshd' },
    { protocol: 'udp', address: '127.0.0.53%lo', port: 53, process: 'systemd-resolve' },
  );
  return machine;
}

/** Devices without their module tell that it is part of this kernel. */
function loadKernel(machine: SimulatedMachine): void {
  const { modules, devices, os } = machine.hardware;
  for (const name of modules) {
    machine.modules.add(name);
    machine.autoload.add(name);
  }
  if (os.id === 'ubuntu') for (const name of ubuntuBuiltin) machine.builtin.add(name);
  const kvm = hasModule(machine, 'kvm_intel') || hasModule(machine, 'kvm_amd');
  if (devices.kvm && !kvm) machine.builtin.add('kvm');
  if (devices.tun && !hasModule(machine, 'tun')) machine.builtin.add('tun');
  if (!devices.tun) machine.builtin.delete('tun');
  if (devices.vhostNet && !hasModule(machine, 'vhost_net')) machine.builtin.add('vhost_net');
}
