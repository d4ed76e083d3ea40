import type { Json } from '#kube/json';
import type { Machine } from '../../bench.ts';
import { fingerprint } from '../event.ts';
import { type Condition, withConditions } from '../status.ts';
import { verdict } from './machine-checks.ts';

/** A disk of a Longhorn node, with what is needed to judge it. */
interface DiskOf {
  readonly machine: Machine;
  readonly name: string;
  /** As the node's spec has it. */
  readonly disk: Json;
  /** Its status so far. */
  readonly before: Json;
  /** Setting storage-minimal-available-percentage. */
  readonly minimal: number;
  readonly now: string;
}

/** A fresh file system keeps some of its room for itself. */
const USABLE = 0.97;

/** The status of a disk: how much room it has and whether volumes may be put there. Marks the disk as Longhorn's. */
export function diskOf(about: DiskOf): Json {
  const { machine, name, disk, before, now } = about;
  const path: string = disk.path.replace(/\/$/, '');
  const mount = machine.mountAt(path);
  const diskUUID: string = before?.diskUUID ?? fingerprint(`${machine.name} ${path}`);
  const config = `${path}/longhorn-disk.cfg`;
  if (mount !== undefined && machine.read(config) === undefined) {
    machine.write(config, JSON.stringify({ diskName: name, diskUUID, diskState: '' }));
  }
  const size = mount?.size ?? 0;
  const available = Math.floor(size * USABLE);
  return {
    conditions: withConditions(before?.conditions, now, checks(about, mount?.filesystem, size, available)),
    diskDriver: '',
    diskName: name,
    diskPath: disk.path,
    diskType: disk.diskType ?? 'filesystem',
    diskUUID,
    filesystemType: mount?.filesystem === 'ext4' ? 'ext2/ext3' : (mount?.filesystem ?? ''),
    scheduledReplica: before?.scheduledReplica ?? {},
    storageAvailable: available,
    storageMaximum: size,
    storageScheduled: before?.storageScheduled ?? 0,
  };
}

function checks(about: DiskOf, filesystem: string | undefined, size: number, available: number): Condition[] {
  const { machine, name, disk, minimal } = about;
  const reserved: number = disk.storageReserved ?? 0;
  const supported = filesystem === 'ext4' || filesystem === 'xfs';
  const room = size > 0 && (available * 100) / size > minimal && available > reserved;
  const fits = supported && room && disk.allowScheduling !== false;
  const which = `disk ${name}(${disk.path}) on the node ${machine.name}`;
  const lacking = `${which} has ${available} available, but requires reserved ${reserved}, minimal ${minimal}%`;
  return [
    verdict('Ready', supported, 'UnsupportedFilesystem', `${which} has no supported file system`),
    verdict('Schedulable', fits, 'DiskPressure', lacking),
  ];
}
