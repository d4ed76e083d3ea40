import type { SimulatedMachine } from './simulated-machine.ts';
import type { Unit } from './state.ts';
import { reloadUnits, stopUnit } from './systemd.ts';

type Units = Readonly<Record<string, Unit['enablement']>>;

/** The units that a package brings; enabled ones are started when it is set up. */
const unitsOf: Readonly<Record<string, Units>> = {
  chrony: { 'chrony.service': 'enabled', 'chrony-wait.service': 'disabled' },
  'cloud-init': { 'cloud-init.service': 'enabled' },
  'multipath-tools': { 'multipathd.service': 'enabled', 'multipathd.socket': 'enabled' },
  'network-manager': {
    'NetworkManager.service': 'enabled',
    'NetworkManager-wait-online.service': 'enabled',
    'NetworkManager-dispatcher.service': 'static',
  },
  'nfs-common': { 'rpc-statd.service': 'disabled', 'nfs-client.target': 'enabled' },
  'open-iscsi': { 'iscsid.service': 'disabled', 'iscsid.socket': 'enabled', 'open-iscsi.service': 'enabled' },
  'openssh-server': { 'ssh.service': 'disabled', 'ssh.socket': 'enabled' },
  snapd: { 'snapd.service': 'enabled', 'snapd.socket': 'enabled' },
  systemd: {
    'systemd-networkd.service': 'enabled',
    'systemd-networkd.socket': 'enabled',
    'systemd-networkd-wait-online.service': 'enabled',
    'systemd-logind.service': 'static',
    'systemd-journald.service': 'static',
  },
  'systemd-resolved': { 'systemd-resolved.service': 'enabled' },
  'systemd-timesyncd': { 'systemd-timesyncd.service': 'enabled' },
  udev: { 'systemd-udevd.service': 'static' },
  ufw: { 'ufw.service': 'enabled' },
  'unattended-upgrades': { 'unattended-upgrades.service': 'enabled' },
  apt: { 'apt-daily.timer': 'enabled', 'apt-daily-upgrade.timer': 'enabled' },
};

/** Packages that cannot be there together: the second one goes. */
const replaces: Readonly<Record<string, readonly string[]>> = { chrony: ['systemd-timesyncd'] };

/** What Ubuntu Server 24.04 has after its installation. */
export const ubuntuPackages: readonly string[] = `
  apt bash cloud-init cryptsetup cryptsetup-bin curl dmsetup dpkg e2fsprogs grep grub-common iproute2
  iptables kmod linux-modules-extra multipath-tools needrestart netplan.io open-iscsi openssh-server
  python3 snapd systemd systemd-resolved systemd-timesyncd tar udev ufw unattended-upgrades util-linux
  xfsprogs zstd
`
  .trim()
  .split(/\s+/);

/** Whether it is installed already. */
export function knowsPackage(machine: SimulatedMachine, name: string): boolean {
  return machine.packages.get(name)?.status === 'installed';
}

/** Sets a package up: its files, its units, and what has to go because of it. */
export function installPackage(machine: SimulatedMachine, name: string, version: string): void {
  for (const other of replaces[name] ?? []) removePackage(machine, other);
  machine.packages.set(name, { version, status: 'installed' });
  machine.files.put('/var/lib/dpkg/status', '');
  for (const [unit, enablement] of Object.entries(unitsOf[name] ?? {})) {
    const install = enablement === 'static' ? '' : '\n[Install]\nWantedBy=multi-user.target\n';
    machine.files.put(`/usr/lib/systemd/system/${unit}`, `[Unit]\nDescription=${unit}\n${install}`);
    // Whoever masked a unit before its package came keeps it masked.
    const masked = machine.units.get(unit)?.enablement === 'masked';
    const runs = !masked && enablement !== 'disabled' && machine.on;
    machine.units.set(unit, { enablement: masked ? 'masked' : enablement, active: runs ? 'active' : 'inactive' });
    if (runs) machine.tellUnit(unit, 'started');
  }
}

function removePackage(machine: SimulatedMachine, name: string): void {
  const found = machine.packages.get(name);
  if (found === undefined) return;
  found.status = 'config-files';
  for (const unit of Object.keys(unitsOf[name] ?? {})) {
    stopUnit(machine, unit);
    machine.files.remove(`/usr/lib/systemd/system/${unit}`);
  }
  reloadUnits(machine);
}
