import { devices, partNumber, signatureOf } from './disks.ts';
import type { KernelTree, Leaf } from './kernel-tree.ts';
import { hasKvm, hasModule } from './modules.ts';
import type { SimulatedMachine } from './simulated-machine.ts';

const device: Leaf = { device: true };

/** /dev: what the kernel and udev make of hardware and loaded modules. */
export function devTree(machine: SimulatedMachine): KernelTree {
  const has = (name: string) => hasModule(machine, name);
  return {
    '/dev/null': device,
    ...(hasKvm(machine) ? { '/dev/kvm': device } : {}),
    ...(has('tun') ? { '/dev/net/tun': device } : {}),
    ...(has('vhost_net') ? { '/dev/vhost-net': device } : {}),
    ...(has('vhost_vsock') ? { '/dev/vhost-vsock': device } : {}),
    ...(has('vfio') ? { '/dev/vfio/vfio': device } : {}),
    ...Object.fromEntries(devices(machine).map((one) => [one.path, device])),
    ...links(machine),
  };
}

function links(machine: SimulatedMachine): KernelTree {
  const found: Record<string, Leaf> = {};
  for (const one of devices(machine)) {
    const part = one.partition === undefined ? '' : `-part${partNumber(one.path)}`;
    const link = { link: `../../${one.path.slice('/dev/'.length)}` };
    for (const id of one.disk.byId) found[`/dev/disk/by-id/${id}${part}`] = link;
    const uuid = signatureOf(one)?.uuid;
    if (uuid !== undefined) found[`/dev/disk/by-uuid/${uuid}`] = link;
  }
  return found;
}
