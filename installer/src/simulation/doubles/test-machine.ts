import type { Machine } from '../bench.ts';

const PAUSE = 'docker.io/rancher/mirrored-pause:3.6';
const NICS = ['mgmt0', 'lan0'];

/** A machine for tests of doubles: files in a map, everything else as told. */
export interface TestMachine extends Machine {
  readonly files: Map<string, string>;
  readonly images: Set<string>;
  readonly packages: Set<string>;
  readonly modules: Set<string>;
  readonly units: Set<string>;
  readonly devices: Set<string>;
  bootId: string;
  hugepages: Record<'2Mi' | '1Gi', number>;
}

/** A machine on which k3s runs, ready for everything that the installer puts there. */
export function testMachine(name = 'plant-7-a', address = '10.7.0.10'): TestMachine {
  const files = new Map<string, string>(
    NICS.flatMap((nic) => [
      [`/sys/class/net/${nic}/operstate`, 'up\n'],
      [`/sys/class/net/${nic}/address`, '3c:ec:ef:00:00:01\n'],
    ]),
  );
  const packages = new Set(['open-iscsi', 'nfs-common', 'cryptsetup', 'dmsetup', 'network-manager']);
  const modules = new Set(['iscsi_tcp', 'dm_crypt']);
  const units = new Set(['k3s', 'NetworkManager']);
  const devices = new Set(['/dev/kvm']);
  const looks: Pick<Machine, 'hasDevice' | 'hasModule' | 'hasPackage' | 'isActive' | 'mountAt'> = {
    hasDevice: (path) => devices.has(path),
    hasModule: (module) => modules.has(module),
    hasPackage: (wanted) => packages.has(wanted),
    isActive: (unit) => units.has(unit),
    mountAt: () => ({ device: '/dev/sdb1', filesystem: 'ext4', size: 500 * 2 ** 30 }),
  };
  const hardware = { cpus: 8, memory: 32 * 2 ** 30, hugepages: { '2Mi': 0, '1Gi': 0 }, addresses: [`${address}/24`] };
  const state = { packages, modules, units, devices, images: new Set([PAUSE]) };
  return { name, bootId: `${name}-boot-1`, on: true, ...hardware, ...state, ...looks, files, ...filesOf(files) };
}

function filesOf(files: Map<string, string>): Pick<Machine, 'read' | 'list' | 'write' | 'remove'> {
  return {
    read: (path) => files.get(path),
    list: (path) => namesIn(files, path),
    write: (path, content) => void files.set(path, content),
    remove: (path) => void files.delete(path),
  };
}

function namesIn(files: Map<string, string>, folder: string): string[] {
  const inside = [...files.keys()].filter((path) => path.startsWith(`${folder}/`));
  return [...new Set(inside.map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''))].toSorted();
}
