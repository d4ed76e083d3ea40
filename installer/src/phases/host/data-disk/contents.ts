import type { DiskFacts } from '#ports/facts';
import type { HostSight } from '#ports/host';
import { deviceOf } from './disk-name.ts';

/** What lies on a disk, read from the disk itself and not from what udev remembers. */
export interface Contents {
  readonly type?: string;
  readonly label?: string;
  readonly uuid?: string;
  /** In words, for people; empty when the disk is blank. */
  readonly found: readonly string[];
}

/** The label of a filesystem that Novasphere made. XFS allows twelve letters. */
export const label = 'novasphere';

export async function contentsOf(host: HostSight, disk: DiskFacts): Promise<Contents> {
  const { stdout } = await host.ask(['blkid', '--probe', '--output', 'export', deviceOf(disk)]);
  const said = new Map(stdout.split('\n').map((line) => [line.split('=')[0], line.slice(line.indexOf('=') + 1)]));
  const [type, name, uuid, table] = ['TYPE', 'LABEL', 'UUID', 'PTTYPE'].map((key) => said.get(key));
  const inside = disk.contents.filter((one) => one.includes(': '));
  return {
    ...(type === undefined ? {} : { type }),
    ...(name === undefined ? {} : { label: name }),
    ...(uuid === undefined ? {} : { uuid }),
    found: [
      ...(table === undefined ? [] : [`a partition table (${table})`]),
      ...(type === undefined ? [] : [name === undefined ? type : `${type} “${name}”`]),
      ...inside,
    ],
  };
}
