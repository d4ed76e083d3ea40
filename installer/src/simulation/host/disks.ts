import { uuidOf } from './boot-id.ts';
import type { SimulatedMachine } from './simulated-machine.ts';
import type { Disk, Partition, Signature } from './state.ts';

/** What a device path means: a whole disk or one of its partitions. */
export interface Device {
  readonly path: string;
  readonly disk: Disk;
  readonly partition?: Partition;
}

/** A device by `/dev/sda`, by its name in /dev/disk/by-id, or as fstab writes it: `UUID=…`, `LABEL=…`. */
export function deviceAt(machine: SimulatedMachine, name: string): Device | undefined {
  return devices(machine).find((device) => {
    const holds = signatureOf(device);
    const [, by, value] = /^(UUID|LABEL)=(.+)$/.exec(name) ?? [];
    if (by === 'UUID') return holds?.uuid === value;
    if (by === 'LABEL') return holds?.label === value;
    if (device.path === name || name === `/dev/disk/by-uuid/${holds?.uuid}`) return true;
    const part = device.partition === undefined ? '' : `-part${partNumber(device.path)}`;
    return device.disk.byId.some((id) => name === `/dev/disk/by-id/${id}${part}`);
  });
}

export function devices(machine: SimulatedMachine): readonly Device[] {
  return machine.disks.flatMap((disk) => [
    { path: disk.path, disk },
    ...disk.partitions.map((partition) => ({ path: partition.path, disk, partition })),
  ]);
}

export function signatureOf({ disk, partition }: Device): Signature | undefined {
  return partition === undefined ? disk.holds : partition.holds;
}

export function partNumber(path: string): string {
  return /\d+$/.exec(path)?.[0] ?? '';
}

export function diskAt(machine: SimulatedMachine, path: string): Disk {
  const disk = deviceAt(machine, path)?.disk;
  if (disk === undefined) throw new Error(`the simulated host ${machine.name} has no disk ${path}`);
  return disk;
}

export function twinOf(disk: Disk, disks: readonly Disk[]): Disk {
  const path = nextPath(disk.path, new Set(disks.map((one) => one.path)));
  const { holds: _, table: __, ...same } = disk;
  return { ...same, path, byId: [], partitions: [] };
}

export function blank(disk: Disk): void {
  delete disk.holds;
  delete disk.table;
  disk.partitions = [];
}

export function soil(disk: Disk, type: string, label: string): void {
  blank(disk);
  disk.holds = { type, label, uuid: uuidOf(`${disk.path} ${type} ${label}`) };
}

/** `/dev/sda` → `/dev/sdb`, `/dev/nvme0n1` → `/dev/nvme1n1`: the first that is free. */
function nextPath(path: string, taken: ReadonlySet<string>): string {
  for (let at = 0; at < 26; at++) {
    const other = path.startsWith('/dev/nvme')
      ? `/dev/nvme${at}n1`
      : `${path.slice(0, -1)}${'abcdefghijklmnopqrstuvwxyz'[at]}`;
    if (!taken.has(other)) return other;
  }
  throw new Error(`no name is left for a twin of ${path}`);
}
