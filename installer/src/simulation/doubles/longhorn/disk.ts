import type { Json } from '#kube/json';
import type { Machine, Troubles } from '../../bench.ts';
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
  readonly troubles: Troubles;
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
  const { machine, name, disk, minimal, troubles } = about;
  const which = `${name}(${disk.path})`;
  if (troubles.has('longhorn-disk-changed', machine.name)) return changed(which, machine.name);
  const left = troubles.has('longhorn-disk-full', machine.name) ? Math.floor(available / 20) : available;
  const reserved: number = disk.storageReserved ?? 0;
  const supported = filesystem === 'ext4' || filesystem === 'xfs';
  const room = size > 0 && (left * 100) / size > minimal && left > reserved;
  const fits = supported && room && disk.allowScheduling !== false;
  const on = `disk ${which} on the node ${machine.name}`;
  const lacking = `${on} has ${left} available, but requires reserved ${reserved}, minimal ${minimal}%`;
  return [
    verdict('Ready', supported, 'UnsupportedFilesystem', `${on} has no supported file system`),
    verdict('Schedulable', fits, 'DiskPressure', lacking),
  ];
}

/** The disk bears another mark than the one that Longhorn wrote on it: it was formatted or replaced. */
function changed(which: string, node: string): Condition[] {
  const message = `Disk ${which} on node ${node} is not ready: record diskUUID doesn't match the one on the disk`;
  return [
    verdict('Ready', false, 'DiskFilesystemChanged', message),
    verdict('Schedulable', false, 'DiskNotReady', `disk ${which} on the node ${node} is not ready`),
  ];
}
