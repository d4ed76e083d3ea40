import type { SimulatedMachine } from './simulated-machine.ts';
import type { Disk, Signature } from './state.ts';

type Row = Readonly<Record<string, unknown>>;

/** What `lsblk --json` tells of all disks or of one, in the columns that were asked for (lower case). */
export function lsblkTree(machine: SimulatedMachine, columns: readonly string[], only?: Disk): readonly Row[] {
  const pick = (row: Row) => Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
  return machine.disks
    .filter((disk) => only === undefined || disk === only)
    .map((disk) => {
      const children = disk.partitions.map((one) =>
        pick({
          ...device(machine, one.path, 'part', one.holds),
          size: one.size,
          rota: disk.rotational,
          rm: disk.removable,
          ro: disk.readOnly,
        }),
      );
      return { ...pick(whole(machine, disk)), ...(children.length > 0 ? { children } : {}) };
    });
}

function whole(machine: SimulatedMachine, disk: Disk): Row {
  return {
    ...device(machine, disk.path, 'disk', disk.holds),
    serial: disk.serial,
    wwn: disk.wwn,
    model: disk.model,
    size: disk.size,
    rota: disk.rotational,
    rm: disk.removable,
    tran: disk.transport,
    ro: disk.readOnly,
    pttype: disk.table,
  };
}

function device(machine: SimulatedMachine, path: string, type: string, holds: Signature | undefined): Row {
  const mounts = machine.mounts.filter((mount) => mount.device === path).map((mount) => mount.path);
  const swap = machine.swaps.includes(path) ? ['[SWAP]'] : [];
  const mountpoints = [...mounts, ...swap];
  return {
    name: path.slice('/dev/'.length),
    path,
    type,
    fstype: holds?.type,
    label: holds?.label,
    uuid: holds?.uuid,
    mountpoints: mountpoints.length > 0 ? mountpoints : [null],
  };
}
