import type { Machine } from '../../bench.ts';
import type { Condition } from '../status.ts';

const MULTIPATH = 'multipathd is running with a known issue that affects Longhorn';
const NO_NFS = 'NFS clients [v4.1 v4.2] not found. At least one should be enabled';

/** A condition as Longhorn writes it: reason and message only where something is wrong. */
export function verdict(type: string, good: boolean, reason: string, message: string): Condition {
  const told = good ? { status: 'True', reason: '', message: '' } : { status: 'False', reason, message };
  return { type, ...told, lastProbeTime: '' };
}

/** What Longhorn checks on the machine itself (environment_check_monitor.go). */
export function machineChecks(machine: Machine, withoutPackages = false): Condition[] {
  const wanted = ['nfs-common', 'open-iscsi', 'cryptsetup', 'dmsetup'];
  const missing = wanted.filter((name) => withoutPackages || !machine.hasPackage(name));
  const packages = `Missing packages: [${missing.join(' ')}]`;
  const crypt = machine.hasModule('dm_crypt');
  const multipath = machine.isActive('multipathd') || machine.isActive('multipathd.service');
  return [
    verdict('MountPropagation', true, '', ''),
    verdict('RequiredPackages', missing.length === 0, 'PackagesNotInstalled', packages),
    verdict('KernelModulesLoaded', crypt, 'KernelModulesNotLoaded', 'Kernel modules [dm_crypt] are not loaded'),
    verdict('NFSClientInstalled', machine.hasPackage('nfs-common'), 'NFSClientIsNotFound', NO_NFS),
    verdict('Multipathd', !multipath, 'MultipathdIsRunning', MULTIPATH),
  ];
}
