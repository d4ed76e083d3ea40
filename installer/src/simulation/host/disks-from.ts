import type { Inventory } from '#ports/facts';
import { uuidOf } from './boot-id.ts';
import type { SimulatedMachine } from './simulated-machine.ts';
import type { Disk, Partition, Signature } from './state.ts';

const usualFsync = 1.8;
const spinningFsync = 18;
const rootWithoutDisk = { device: 'overlay', path: '/', filesystem: 'overlay', size: 256 * 2 ** 30 } as const;

export function disksFrom(inventory: Inventory): Disk[] {
  return inventory.disks.map((facts) => {
    const { contents: _, usedBy: __, byId, ...same } = facts;
    const disk: Disk = {
      ...same,
      byId: [...byId],
      partitions: [],
      fsync: facts.rotational ? spinningFsync : usualFsync,
    };
    for (const text of facts.contents) putContent(disk, text, inventory.hostname);
    for (const [at, partition] of disk.partitions.entries()) partition.size = sizeOf(disk, at);
    return disk;
  });
}

/** Mounts what the inventory says is used, on the filesystem that fits it best. */
export function mountFrom(machine: SimulatedMachine): void {
  for (const [at, facts] of machine.hardware.disks.entries()) {
    const disk = machine.disks[at];
    if (disk === undefined) continue;
    for (const path of facts.usedBy) {
      if (path.startsWith('/')) mount(machine, disk, path);
      const swap = path === 'swap' ? disk.partitions.find((one) => one.holds?.type === 'swap')?.path : undefined;
      if (swap !== undefined) machine.swaps.push(swap);
    }
  }
  mountRootAnyway(machine);
}

/** A machine without a disk of its own, such as a container, still has files. */
export function mountRootAnyway(machine: SimulatedMachine): void {
  if (!machine.mounts.some((one) => one.path === '/')) machine.mounts.push(rootWithoutDisk);
}

/** `gpt`, `ext4 "data"` or `sda1: vfat "EFI"`, as inventories write what a disk holds. */
function putContent(disk: Disk, text: string, host: string): void {
  const [, part, type = '', label] = /^(?:(\S+): )?(\S+)(?: "(.*)")?$/.exec(text) ?? [];
  if (type === 'gpt' || type === 'dos') {
    disk.table = type;
    return;
  }
  const path = part === undefined ? disk.path : pathOf(part, disk);
  const holds: Signature = { type, uuid: uuidOf(`${host} ${path}`), ...(label === undefined ? {} : { label }) };
  if (part === undefined) disk.holds = holds;
  else disk.partitions.push({ path, size: 0, holds });
}

function pathOf(part: string, disk: Disk): string {
  return disk.path.endsWith(`/${part.replace(/p?\d+$/, '')}`) ? `/dev/${part}` : `/dev/mapper/${part}`;
}

/** A small partition for the firmware; the others share the rest. */
function sizeOf({ size, partitions }: Disk, at: number): number {
  const isSmall = (one: Partition | undefined) => one?.holds?.type === 'vfat';
  const small = 2 ** 30;
  if (isSmall(partitions[at])) return small;
  const smalls = partitions.filter(isSmall).length;
  return Math.floor((size - smalls * small) / Math.max(1, partitions.length - smalls));
}

function mount(machine: SimulatedMachine, disk: Disk, path: string): void {
  const taken = new Set(machine.mounts.map((one) => one.device));
  const usable = disk.partitions.filter((one) => one.holds?.type !== 'swap' && !taken.has(one.path));
  const firmware = usable.find((one) => one.holds?.type === 'vfat');
  const others = usable.filter((one) => one !== firmware);
  const found = path === '/boot/efi' ? firmware : path === '/boot' ? others[0] : others.at(-1);
  const where = found ?? disk;
  where.holds ??= { type: 'ext4', uuid: uuidOf(`${machine.name} ${where.path}`) };
  machine.mounts.push({ device: where.path, path, filesystem: where.holds.type, size: where.size });
}
