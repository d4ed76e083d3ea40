import { describe, expect, it } from 'vitest';
import { Fault } from '#engine/fault';
import { Rebooting } from '#ports/host';
import { Node } from '#profile/schema';
import type { Fuse } from '../bench.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { defaultInventory } from './default-inventory.ts';
import { machineFrom } from './machine-from.ts';
import { SimulatedHost } from './simulated-host.ts';
import type { MachineOptions } from './simulated-machine.ts';

const node = Node.parse({
  name: 'plant-7-a',
  disks: { data: { match: { serial: 'DATA-1' } } },
  network: { management: { match: { mac: '3c:ec:ef:00:00:01' }, addresses: ['10.7.0.10/24'] } },
});
const data = '/dev/disk/by-id/nvme-SAMSUNG_MZQL21T0HCJR_DATA-1';
const packages = `Package: chrony
Version: 4.5-1ubuntu4.2
Depends: adduser, libc6 (>= 2.38)

Package: nfs-common
Version: 1:2.6.4-3ubuntu5
Depends: libnfsidmap1 (>= 1:2.6), rpcbind | portmap

Package: rpcbind
Version: 1.2.6-7ubuntu2
`;

function ground(options: Partial<MachineOptions> = {}) {
  const clock = new VirtualClock();
  const sourceOf = (source: string) =>
    source === '/bundle/debs/Packages'
      ? { sha256: 'a', size: 1, text: packages }
      : { sha256: source, size: 70_000_000 };
  const machine = machineFrom(defaultInventory(node), { clock, sourceOf, ...options });
  return { clock, machine, host: new SimulatedHost(machine) };
}

/** Cuts the power in the middle of the write that is named. */
function tearing(what: string): Fuse {
  return {
    before: (now) => (now === what ? 'torn' : 'whole'),
    after: () => {},
    blow: (now) => {
      throw new Error(`cut at ${now}`);
    },
  };
}

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const error = await work.catch((error: unknown) => error);
  if (!(error instanceof Fault)) throw new Error(`expected a Fault, got ${String(error)}`);
  return error;
}

const aptList = '/var/lib/novasphere/apt/bundle.list';
const install = (...names: string[]) =>
  ['apt-get', '-o', `Dir::Etc::SourceList=${aptList}`, '-q', '-y', 'install', ...names] as const;

async function updated(options: Partial<MachineOptions> = {}) {
  const all = ground(options);
  await all.host.write(aptList, 'deb [trusted=yes] file:/bundle/debs ./\n');
  await all.host.run(['apt-get', '-o', `Dir::Etc::SourceList=${aptList}`, '-q', 'update']);
  return all;
}

describe('a simulated host', () => {
  it('says what to teach when it does not know a command', async () => {
    const { host } = ground();

    await expect(host.run(['lvcreate', '-L', '1 G'])).rejects.toThrow(
      "the simulated host plant-7-a was not taught “lvcreate -L '1 G'”: teach it in installer/src/simulation/host/commands",
    );
    await expect(host.ask(['lscpu'])).rejects.toThrow('was not taught “lscpu”');
    await expect(host.run(['lsmod'])).rejects.toThrow('was not taught “lsmod”');
  });

  it('writes down every write and nothing else', async () => {
    const { host, machine } = ground();

    await host.write('/etc/sysctl.d/90.conf', 'vm.swappiness = 10\n');
    await host.run(['sysctl', '-p', '/etc/sysctl.d/90.conf']);
    await host.ask(['sysctl', '-n', 'vm.swappiness']);
    await host.remove('/etc/absent');

    expect(machine.log).toEqual(['write /etc/sysctl.d/90.conf', 'run sysctl -p /etc/sysctl.d/90.conf']);
  });

  it('lets commands take their time on the clock', async () => {
    const { host, clock } = ground();

    await host.run(['update-grub']);

    expect(clock.elapsed()).toBe(5000);
  });

  it('does not write down a command that failed', async () => {
    const { host, machine } = ground();

    const fault = await faultOf(host.run(['modprobe', 'nosuch']));

    expect(fault.message).toBe('“modprobe nosuch” failed with exit code 1');
    expect(fault.evidence).toEqual([
      'modprobe: FATAL: Module nosuch not found in directory /lib/modules/6.8.0-85-generic',
    ]);
    expect(machine.log).toEqual([]);
  });
});

describe('files of a simulated host', () => {
  it('refuses every write while the disk is full', async () => {
    const { host, machine } = ground();
    machine.troubles.diskFull = true;

    const fault = await faultOf(host.write('/etc/x', 'text'));

    expect(fault.record()).toEqual({
      code: 'HOST-DISK-FULL',
      message: 'cannot write /etc/x (4 B): the disk is full',
      because: ['ENOSPC: no space left on device, write'],
      where: ['host plant-7-a', 'file /etc/x'],
      evidence: ['the filesystem under /etc has 446.0 GiB, of which 0 B are free'],
      remedy: [
        'df -h /etc',
        'du -xhd1 / | sort -h | tail          what takes the room',
        'free some space there, then run the same command again',
      ],
    });
  });

  it('keeps the old file when power goes in the middle of a write', async () => {
    const { host, machine } = ground({ fuse: tearing('write /etc/hostname') });

    await expect(host.write('/etc/hostname', 'other\n')).rejects.toThrow('cut at write /etc/hostname');

    expect(machine.files.read('/etc/hostname')).toBe('plant-7-a\n');
    expect(machine.files.list('/etc')).toContain('.hostname.novasphere-new');
  });

  it('keeps links apart from what they point to', async () => {
    const { host } = ground();

    expect(await host.look('/etc/resolv.conf')).toMatchObject({ kind: 'link' });
    expect(await host.read('/etc/resolv.conf')).toContain('nameserver 127.0.0.53');
  });
});

describe('packages of a simulated host', () => {
  it('installs from the index of the bundle, with what is needed, and starts the units', async () => {
    const { host, machine } = await updated();

    await host.run(install('chrony', 'nfs-common'));

    const asked = await host.ask([
      'dpkg-query',
      '-W',
      '-f=${Package} ${db:Status-Status}\\n',
      'chrony',
      'rpcbind',
      'docker.io',
    ]);
    expect(asked.stdout).toBe('chrony installed\nrpcbind installed');
    expect(asked.stderr).toBe('dpkg-query: no packages found matching docker.io');
    expect(machine.view().isActive('chrony')).toBe(true);
    expect((await host.ask(['systemctl', 'is-enabled', 'systemd-timesyncd'])).stdout).toBe('not-found');
  });

  it('does not know what is not in the bundle', async () => {
    const { host } = await updated();

    const fault = await faultOf(host.run(install('podman')));

    expect(fault.evidence).toEqual(['E: Unable to locate package podman']);
  });

  it('wants dpkg to go on after a power cut', async () => {
    const { host } = await updated({ fuse: tearing(`run ${install('chrony').join(' ')}`) });
    await host.run(install('chrony')).catch(() => {});

    const fault = await faultOf(host.run(install('nfs-common')));

    expect(fault.evidence[0]).toContain('dpkg was interrupted');
    await host.run(['dpkg', '--configure', '-a']);
    await host.run(install('nfs-common'));
  });
});

describe('disks of a simulated host', () => {
  it('formats, mounts, and mounts again at boot', async () => {
    const { host, machine } = ground();
    await host.run(['wipefs', '--all', data]);
    await host.run(['mkfs.ext4', '-F', '-q', '-L', 'novasphere', data]);
    const { stdout } = await host.ask(['blkid', '--probe', '--output', 'export', data]);
    const uuid = /^UUID=(.+)$/m.exec(stdout)?.[1];
    await host.write(
      '/etc/fstab',
      `${await host.read('/etc/fstab')}UUID=${uuid} /var/lib/longhorn ext4 defaults 0 2\n`,
    );

    await host.run(['mkdir', '-p', '/var/lib/longhorn']);
    await host.run(['mount', '/var/lib/longhorn']);
    await expect(host.reboot()).rejects.toThrow(Rebooting);
    await machine.boot();

    const found = await host.ask([
      'findmnt',
      '--noheadings',
      '--output',
      'UUID,FSTYPE',
      '--mountpoint',
      '/var/lib/longhorn',
    ]);
    expect(found.stdout).toBe(`${uuid} ext4`);
    expect(machine.view().mountAt('/var/lib/longhorn/replicas')).toMatchObject({
      device: '/dev/nvme1n1',
      filesystem: 'ext4',
    });
  });

  it('holds something that is not ours after a power cut in the middle of mkfs', async () => {
    const mkfs = ['mkfs.ext4', '-F', '-q', '-L', 'novasphere', data] as const;
    const { host } = ground({ fuse: tearing(`run ${mkfs.join(' ')}`) });
    await host.run(mkfs).catch(() => {});

    const { stdout } = await host.ask(['blkid', '--probe', '--output', 'export', data]);

    expect(stdout).toContain('TYPE=ext2');
    expect(stdout).not.toContain('LABEL');
  });

  it('does not wipe what is in use', async () => {
    const { host } = ground();

    const fault = await faultOf(host.run(['wipefs', '--all', '/dev/nvme0n1']));

    expect(fault.evidence[0]).toContain('Device or resource busy');
  });

  it('has a twin, a stranger on it, or nothing at all when that is the mishap', async () => {
    const { host, machine } = ground();
    const serials = async () =>
      JSON.parse((await host.ask(['lsblk', '--json', '--output', 'PATH,SERIAL'])).stdout).blockdevices.slice(1);

    machine.twinDisk(data);
    machine.soilDisk(data, 'ext4', 'old-data');
    expect(await serials()).toEqual([
      { path: '/dev/nvme1n1', serial: 'DATA-1' },
      { path: '/dev/nvme2n1', serial: 'DATA-1' },
    ]);
    expect((await host.ask(['blkid', '--probe', '--output', 'export', data])).stdout).toContain('LABEL=old-data');

    machine.removeDisk('/dev/nvme2n1');
    machine.removeDisk(data);
    expect(await serials()).toEqual([]);
    machine.returnDisk();
    machine.returnDisk();
    expect(await serials()).toHaveLength(2);
  });
});

describe('the kernel of a simulated host', () => {
  it('knows the settings of a module only while that is loaded', async () => {
    const { host } = ground();
    const key = 'net.bridge.bridge-nf-call-iptables';
    expect((await host.ask(['sysctl', '-n', key])).exitCode).toBe(255);

    await host.run(['modprobe', 'br_netfilter']);

    expect((await host.ask(['sysctl', '-n', key])).stdout).toBe('1');
    expect(await host.look('/sys/module/br_netfilter')).toMatchObject({ kind: 'directory' });
    expect((await host.ask(['lsmod'])).stdout).toMatch(/^br_netfilter /m);
  });

  it('gives fewer hugepages when memory is fragmented', async () => {
    const { host, machine } = ground();
    const pages = '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages';
    machine.troubles.memoryFragmented = true;
    await host.run(['sysctl', '-w', 'vm.nr_hugepages=1024']);
    expect(await host.read(pages)).toBe('614\n');

    machine.troubles.memoryFragmented = false;
    await host.run(['sysctl', '-w', 'vm.nr_hugepages=1024']);

    expect(await host.read(pages)).toBe('1024\n');
  });

  it('takes up its command line, modules and settings at the next boot', async () => {
    const { host, machine } = ground();
    await host.write(
      '/etc/default/grub.d/90.cfg',
      'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX intel_iommu=on hugepagesz=1G hugepages=8"\n',
    );
    await host.write('/etc/modules-load.d/90.conf', '# ours\nvfio_pci\n');
    await host.write('/etc/sysctl.d/90.conf', 'vm.nr_hugepages = 64\nfs.inotify.max_user_instances=8192\n');
    await host.run(['update-grub']);
    const before = machine.bootId;
    expect(await host.read('/proc/cmdline')).not.toContain('iommu');

    machine.shutDown();
    await machine.boot();

    expect(machine.bootId).not.toBe(before);
    expect(await host.read('/proc/cmdline')).toMatch(
      /^BOOT_IMAGE=\S+ root=\S+ ro intel_iommu=on hugepagesz=1G hugepages=8\n$/,
    );
    expect(machine.hugepages).toEqual({ '2Mi': 64, '1Gi': 8 });
    expect(machine.view().hasModule('vfio-pci')).toBe(true);
    expect(await host.list('/sys/kernel/iommu_groups')).toHaveLength(24);
    expect((await host.ask(['sysctl', '-n', 'fs.inotify.max_user_instances'])).stdout).toBe('8192');
  });

  it('shows no virtualisation when the firmware has it switched off', async () => {
    const { host, machine } = ground();
    machine.troubles.noVirtualisation = true;

    expect(await host.read('/proc/cpuinfo')).not.toContain('vmx');
    expect(await host.look('/dev/kvm')).toBeUndefined();
    expect((await host.ask(['dmesg'])).stdout).toContain('disabled by BIOS');
    await expect(host.run(['modprobe', 'kvm_intel'])).rejects.toThrow('failed with exit code 1');
  });
});

describe('the network of a simulated host', () => {
  const ip = async (host: SimulatedHost) => JSON.parse((await host.ask(['ip', '-j', 'address', 'show'])).stdout);
  const link = '[Match]\nPermanentMACAddress=3c:ec:ef:00:00:01\n\n[Link]\nName=mgmt0\n';
  const plan = `network:
  version: 2
  renderer: NetworkManager
  ethernets:
    mgmt0: {match: {macaddress: "3c:ec:ef:00:00:01"}, set-name: mgmt0}
  bridges:
    br0: {interfaces: [mgmt0], addresses: [10.7.0.10/24], routes: [{to: default, via: 10.7.0.254}]}
`;

  it('changes at the boot after it was configured', async () => {
    const { host, machine } = await updated({
      sourceOf: () => ({ sha256: '', size: 0, text: 'Package: network-manager\nVersion: 1.46\n' }),
    });
    await host.run(install('network-manager'));
    await host.write('/etc/systemd/network/10-mgmt0.link', link);
    await host.run(['update-initramfs', '-u']);
    await host.write('/etc/netplan/60-novasphere.yaml', plan, 0o600);
    await host.remove('/etc/netplan/50-cloud-init.yaml');
    await host.run(['netplan', 'generate']);
    expect(await host.list('/sys/class/net')).toEqual(['eno1']);

    machine.shutDown();
    await machine.boot();

    expect(await host.list('/sys/class/net')).toEqual(['br0', 'mgmt0']);
    expect((await ip(host)).at(-1)).toMatchObject({
      ifname: 'br0',
      addr_info: [{ local: '10.7.0.10', prefixlen: 24 }],
    });
    expect(JSON.parse((await host.ask(['ip', '-j', 'route', 'show', 'default'])).stdout)).toMatchObject([
      { gateway: '10.7.0.254', dev: 'br0' },
    ]);
    const { stdout } = await host.ask(['nmcli', '-t', '-f', 'DEVICE,STATE', 'device']);
    expect(stdout).toBe('mgmt0:connected\nbr0:connected\nlo:connected (externally)');
  });

  it('complains about a network definition that is no YAML', async () => {
    const { host } = ground();
    await host.write('/etc/netplan/60.yaml', 'network: {version: 2\n');

    const fault = await faultOf(host.run(['netplan', 'generate']));

    expect(fault.evidence[0]).toContain('Error in network definition');
  });

  it('has neither address nor route with the cable out', async () => {
    const { host, machine } = ground();
    machine.troubles.noCarrier.add('3c:ec:ef:00:00:01');

    expect((await ip(host))[1]).toMatchObject({ operstate: 'DOWN', addr_info: [] });
    expect((await host.ask(['ip', '-j', 'route', 'show', 'default'])).stdout).toBe('[]');
    expect(await host.read('/sys/class/net/eno1/carrier')).toBe('0\n');
  });
});

describe('users and clock of a simulated host', () => {
  it('adds users with their password hash', async () => {
    const { host } = ground();
    await host.run(['useradd', '--create-home', '--shell', '/bin/bash', '--groups', 'sudo', 'admin']);
    await host.run(['chpasswd', '--encrypted'], { input: 'admin:$6$salt$hash\n' });

    expect((await host.ask(['getent', 'passwd', 'admin'])).stdout).toBe('admin:x:1001:1001::/home/admin:/bin/bash');
    expect((await host.ask(['getent', 'shadow', 'admin'])).stdout).toBe('admin:$6$salt$hash:20000:0:99999:7:::');
    expect((await host.ask(['stat', '-c', '%U', '/home/admin'])).stdout).toBe('admin');
    expect((await host.ask(['getent', 'passwd', 'nobody-here'])).exitCode).toBe(2);
  });

  it('is synchronized some seconds after it was switched on, unless nobody answers', async () => {
    const { host, machine, clock } = ground();
    const ask = async () => (await host.ask(['timedatectl', 'show', '--property=NTPSynchronized', '--value'])).stdout;
    expect(await ask()).toBe('yes');
    machine.shutDown();
    await machine.boot();
    expect(await ask()).toBe('no');

    await clock.sleep(10_000);
    expect(await ask()).toBe('yes');

    machine.troubles.clockLost = true;
    expect(await ask()).toBe('no');
  });

  it('refuses a time zone that does not exist', async () => {
    const { host } = ground();

    await expect(host.run(['timedatectl', 'set-timezone', 'Moon/Base'])).rejects.toThrow('failed with exit code 1');
    await host.run(['timedatectl', 'set-timezone', 'Asia/Shanghai']);
    expect((await host.ask(['timedatectl', 'show', '--property=Timezone', '--value'])).stdout).toBe('Asia/Shanghai');
  });
});

describe('a simulated machine without power', () => {
  it('cannot be used', async () => {
    const { host, machine } = ground();
    machine.powerCut();

    const fault = await faultOf(host.read('/etc/hostname'));

    expect(fault.code).toBe('POWER-LOST');
    expect(machine.view().on).toBe(false);
  });

  it('goes down for everybody when somebody restarts it', async () => {
    const { host } = ground();
    await expect(host.reboot()).rejects.toThrow('plant-7-a restarts now');

    await expect(host.read('/etc/hostname')).rejects.toThrow(Rebooting);
  });

  it('forgets what was in memory and keeps what was on disk', async () => {
    const { host, machine } = ground();
    await host.write('/run/flag', '1');
    await host.write('/etc/flag', '1');
    await host.run(['modprobe', 'vxlan']);

    machine.powerCut();
    await machine.boot();

    expect(await host.read('/run/flag')).toBeUndefined();
    expect(await host.read('/etc/flag')).toBe('1');
    expect(machine.view().hasModule('vxlan')).toBe(false);
  });

  it('does not end a command of a boot that is over', async () => {
    const { host, machine, clock } = ground();
    const running = faultOf(host.run(['update-initramfs', '-u']));
    await clock.sleep(1000);
    machine.powerCut();
    await machine.boot();

    expect((await running).code).toBe('POWER-LOST');
    expect(machine.log).toEqual([]);
  });
});
