import type { HostSight } from '#ports/host';
import { peekAt } from './peek.ts';

/** What tells one machine from all others, in the words of a Node's `status.nodeInfo`; empty where it is not known. */
export interface MachineIdentity {
  /** Of the installed system; clones of a disk share it. */
  readonly machineID: string;
  /** Of the hardware or the virtual machine; only root may read it. */
  readonly systemUUID: string;
  /** Of this start of the kernel; containers share it with their machine. */
  readonly bootID: string;
}

/** A Node of a cluster and the machine that its kubelet last spoke from. */
export interface NodeIdentity extends MachineIdentity {
  readonly name: string;
}

/** Reads it from where kubelets read it. */
export async function readIdentity(host: HostSight): Promise<MachineIdentity> {
  const peek = peekAt(host);
  const [machineID, systemUUID, bootID] = await Promise.all([
    peek.text('/etc/machine-id'),
    peek.text('/sys/class/dmi/id/product_uuid'),
    peek.text('/proc/sys/kernel/random/boot_id'),
  ]);
  return { machineID, systemUUID, bootID };
}

/**
 * Whether a Node is this machine. One equal value is not enough: clones share the machine id, and a node in a container
 * shares the UUID and the boot with the laptop that it runs on. A boot from before says nothing about the machine.
 */
export function isSameMachine(node: MachineIdentity, machine: MachineIdentity): boolean {
  if (!alike(node.machineID, machine.machineID)) return false;
  const isSameBoot = known(node.bootID, machine.bootID) && alike(node.bootID, machine.bootID);
  const isSameHardware = known(node.systemUUID, machine.systemUUID) && alike(node.systemUUID, machine.systemUUID);
  return node.machineID === '' ? isSameBoot && isSameHardware : isSameBoot || isSameHardware;
}

/** Whether a Node is this machine, where that is what one would think anyway: the cluster is reached as k3s says on its nodes. */
export function isLikelySameMachine(node: MachineIdentity, machine: MachineIdentity): boolean {
  return isSameMachine(node, machine) || (node.machineID !== '' && alike(node.machineID, machine.machineID));
}

function known(one: string, other: string): boolean {
  return one !== '' && other !== '';
}

function alike(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
