import { deviceAt, signatureOf } from './disks.ts';
import { grubConfig } from './grub.ts';
import { initramfsPath } from './network.ts';
import type { SimulatedMachine } from './simulated-machine.ts';

/** What systemd-resolved writes at every start. */
export const resolverFiles: Readonly<Record<string, string>> = {
  '/run/systemd/resolve/stub-resolv.conf': 'nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch .\n',
  '/run/systemd/resolve/resolv.conf': 'nameserver 192.0.2.53\nsearch .\n',
};

/** The files that Ubuntu Server 24.04 has after its installation and that somebody reads or replaces. */
export function putSystemFiles(machine: SimulatedMachine): void {
  const { hardware, files } = machine;
  for (const [path, text] of Object.entries({ ...configuration(machine), ...installed(machine) }))
    files.put(path, text);
  files.put('/etc/shadow', 'root:*:20000:0:99999:7:::\nubuntu:!:20000:0:99999:7:::\n', 0o640);
  files.put('/etc/netplan/50-cloud-init.yaml', netplan(machine), 0o600);
  files.link('/etc/resolv.conf', '../run/systemd/resolve/stub-resolv.conf');
  files.link('/etc/localtime', `/usr/share/zoneinfo/${machine.timezone}`);
  for (const path of ['/home/ubuntu', '/root', '/srv', '/var/lib', '/var/log']) files.makeDirectory(path);
  if (machine.swaps.length === 0 && hardware.os.id === 'ubuntu') {
    files.put('/swap.img', '', 0o600);
    machine.swaps.push('/swap.img');
  }
  files.put('/etc/fstab', fstab(machine));
}

function configuration(machine: SimulatedMachine): Readonly<Record<string, string>> {
  const { name } = machine;
  return {
    '/etc/hostname': `${name}\n`,
    '/etc/hosts': `127.0.0.1 localhost\n127.0.1.1 ${name}\n`,
    '/etc/os-release': osRelease(machine),
    '/etc/timezone': `${machine.timezone}\n`,
    '/etc/default/grub': grub(machine),
    '/etc/default/keyboard': 'XKBMODEL="pc105"\nXKBLAYOUT="us"\nXKBVARIANT=""\nXKBOPTIONS=""\nBACKSPACE="guess"\n',
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nubuntu:x:1000:1000:Ubuntu:/home/ubuntu:/bin/bash\n',
    '/etc/group': 'root:x:0:\nsudo:x:27:ubuntu\nubuntu:x:1000:\n',
    '/etc/apt/apt.conf.d/20auto-upgrades':
      'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n',
    '/etc/needrestart/needrestart.conf': "$nrconf{restart} = 'i';\n",
    '/etc/multipath.conf': 'defaults {\n    user_friendly_names yes\n}\n',
  };
}

function installed(machine: SimulatedMachine): Readonly<Record<string, string>> {
  const { release } = machine.hardware.kernel;
  return {
    '/var/lib/dpkg/status': '',
    [`/boot/config-${release}`]: 'CONFIG_DM_CRYPT=m\nCONFIG_NFS_V4_1=y\nCONFIG_NFS_V4_2=y\nCONFIG_TUN=y\n',
    [`/lib/modules/${release}/modules.builtin`]: 'kernel/drivers/net/tun.ko\n',
    [initramfsPath(machine)]: '',
    [grubConfig]: grubMenu(machine),
    ...resolverFiles,
  };
}

export const codenames: Readonly<Record<string, string>> = { '22.04': 'jammy', '24.04': 'noble', '26.04': 'resolute' };

function osRelease({ hardware: { os } }: SimulatedMachine): string {
  const series = os.id === 'ubuntu' ? codenames[os.version] : undefined;
  const codename = series === undefined ? '' : `VERSION_CODENAME=${series}\n`;
  return `PRETTY_NAME="${os.name}"\nVERSION_ID="${os.version}"\nID=${os.id}\n${codename}`;
}

function grub({ hardware }: SimulatedMachine): string {
  const given = ownWords(hardware.kernel.cmdline);
  return `GRUB_DEFAULT=0\nGRUB_TIMEOUT=0\nGRUB_CMDLINE_LINUX_DEFAULT="${given}"\nGRUB_CMDLINE_LINUX=""\n`;
}

function grubMenu({ hardware: { kernel } }: SimulatedMachine): string {
  const words = kernel.cmdline.replace(/^BOOT_IMAGE=\S+\s*/, '');
  return `menuentry 'Ubuntu' {\n\tlinux\t/vmlinuz-${kernel.release} ${words}\n}\n`;
}

/** What somebody gave the kernel, without what the boot loader adds. */
function ownWords(cmdline: string): string {
  return cmdline
    .split(/\s+/)
    .filter((word) => !/^(BOOT_IMAGE=|root=|ro$|rw$)/.test(word))
    .join(' ');
}

function netplan({ nics }: SimulatedMachine): string {
  const wanted = nics.filter((nic, at) => nic.kind === 'physical' && (nic.addresses.length > 0 || at === 0));
  const ethernets = wanted.map((nic) => `    ${nic.name}:\n      dhcp4: true\n`);
  return `network:\n  version: 2\n  ethernets:\n${ethernets.join('') || '    {}\n'}`;
}

function fstab(machine: SimulatedMachine): string {
  const mounts = machine.mounts.flatMap(({ device: name, path, filesystem }) => {
    const device = deviceAt(machine, name);
    const uuid = device && signatureOf(device)?.uuid;
    return uuid === undefined ? [] : [`/dev/disk/by-uuid/${uuid} ${path} ${filesystem} defaults 0 1\n`];
  });
  return `# /etc/fstab: static file system information.\n${mounts.join('')}${machine.swaps.map((path) => `${path} none swap sw 0 0\n`).join('')}`;
}
