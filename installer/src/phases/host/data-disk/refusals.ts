import { Fault } from '#engine/fault';
import type { DiskFacts } from '#ports/facts';
import type { DataDisk } from '#profile/schema';
import type { Contents } from './contents.ts';
import { deviceOf, nameOf } from './disk-name.ts';

/** The sentences with which a disk is left alone. */

export function notBlank(disk: DiskFacts, { filesystem, wipe }: DataDisk, { found }: Contents): Fault {
  return new Fault({
    code: 'DISK-NOT-BLANK',
    message: `the data ${nameOf(disk)} is not blank`,
    cause: `the profile says wipe: ${wipe}, and nothing is lost without consent`,
    evidence: [`it holds ${found.join(', ')}`],
    remedy:
      wipe === 'never'
        ? [`lsblk -f ${deviceOf(disk)}`, `set disks.data.match to the disk that holds the ${filesystem} filesystem`]
        : [
            `lsblk -f ${deviceOf(disk)}`,
            `wipefs --all ${deviceOf(disk)}          when nothing on it is needed any more`,
            'or set disks.data.match to another disk',
          ],
  });
}

export function noFilesystem(disk: DiskFacts, { filesystem }: DataDisk): Fault {
  return new Fault({
    code: 'CONSENT-MISSING',
    message: `the data ${nameOf(disk)} holds no ${filesystem} filesystem, and the profile says wipe: never`,
    remedy: ['set disks.data.wipe: if-blank', `or  mkfs.${filesystem} ${deviceOf(disk)}`],
  });
}

export function notNamed(disk: DiskFacts): Fault {
  return new Fault({
    code: 'CONSENT-MISSING',
    message: `wipe: true would erase the ${nameOf(disk)}, which the profile does not name`,
    cause: 'a selector without serial, wwn or byId could pick another disk on another day',
    remedy: [
      disk.serial === undefined
        ? `set disks.data.match.wwn: ${disk.wwn ?? '…'}`
        : `set disks.data.match.serial: ${disk.serial}`,
    ],
  });
}

export function inUse(disk: DiskFacts, users: readonly string[]): Fault {
  return new Fault({
    code: 'DISK-IN-USE',
    message: `the data ${nameOf(disk)} is in use: ${users.join(', ')}`,
    remedy: [`lsblk ${disk.path}`, 'umount what is mounted there, or set disks.data.match to another disk'],
  });
}
