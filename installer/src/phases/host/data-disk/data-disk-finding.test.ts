import { describe, expect, it } from 'vitest';
import type { Fault } from '#engine/fault';
import type { DiskFacts } from '#ports/facts';
import type { DataDisk } from '#profile/schema';
import { DataDisk as schema } from '#profile/schema';
import type { Contents } from './contents.ts';
import { judgeDataDisk } from './data-disk-finding.ts';
import { nameOf } from './disk-name.ts';
import { withMount } from './fstab.ts';

const disk: DiskFacts = {
  path: '/dev/nvme1n1',
  serial: 'S64GNE0R500002',
  wwn: '0x5002538f00000001',
  model: 'SAMSUNG MZQL2',
  byId: ['nvme-SAMSUNG_MZQL2_S64GNE0R500002', 'wwn-0x5002538f00000001'],
  size: 2 ** 40,
  rotational: false,
  removable: false,
  readOnly: false,
  contents: [],
  usedBy: [],
};
const name =
  'disk /dev/disk/by-id/wwn-0x5002538f00000001 (SAMSUNG MZQL2, serial S64GNE0R500002, wwn 0x5002538f00000001, 1 TiB)';
const blank: Contents = { found: [] };
const ours: Contents = { type: 'ext4', label: 'novasphere', uuid: '1', found: ['ext4 “novasphere”'] };
const foreign: Contents = { type: 'ext4', label: 'old-data', uuid: '2', found: ['ext4 “old-data”'] };
const table: Contents = { found: ['a partition table (gpt)', 'nvme1n1p1: ntfs "Data"'] };

const wanting = (more: object): DataDisk => schema.parse({ match: { serial: 'S64GNE0R500002' }, ...more });
const intending = (target?: string) => ({ intended: (one: string) => one === target });
const found = (wipe: unknown, contents: Contents, more: object = {}, target?: string, one = disk) =>
  judgeDataDisk(wanting({ wipe, ...more }), one, contents, intending(target));
const faultOf = (finding: ReturnType<typeof found>) => {
  if (finding.state !== 'blocked') throw new Error(`${finding.state}, not blocked`);
  return finding.fault;
};
const screen = (fault: Fault) => [
  fault.code,
  fault.message,
  ...fault.record().because,
  ...fault.evidence,
  ...fault.remedy,
];

describe('the data disk', () => {
  it('is formatted when it is blank and the profile says if-blank', () => {
    expect(found('if-blank', blank)).toEqual({
      state: 'drifted',
      changes: [
        { what: '/dev/disk/by-id/wwn-0x5002538f00000001', from: 'blank', to: 'ext4 “novasphere”', destructive: name },
      ],
    });
  });

  it.each(['if-blank', 'never', true])('is left alone with wipe: %s once it is ours', (wipe) => {
    expect(found(wipe, ours, {}, undefined, { ...disk, usedBy: ['/var/lib/longhorn'] })).toEqual({
      state: 'converged',
    });
  });

  it('is refused when it holds something and nobody agreed to lose it', () => {
    const fault = faultOf(found('if-blank', foreign));

    expect(fault.exitCode).toBe(6);
    expect(screen(fault)).toMatchInlineSnapshot(`
      [
        "DISK-NOT-BLANK",
        "the data disk /dev/disk/by-id/wwn-0x5002538f00000001 (SAMSUNG MZQL2, serial S64GNE0R500002, wwn 0x5002538f00000001, 1 TiB) is not blank",
        "the profile says wipe: if-blank, and nothing is lost without consent",
        "it holds ext4 “old-data”",
        "lsblk -f /dev/disk/by-id/wwn-0x5002538f00000001",
        "wipefs --all /dev/disk/by-id/wwn-0x5002538f00000001          when nothing on it is needed any more",
        "or set disks.data.match to another disk",
      ]
    `);
  });

  it('tells the partitions that it would have lost', () => {
    expect(faultOf(found('if-blank', table)).evidence).toEqual([
      'it holds a partition table (gpt), nvme1n1p1: ntfs "Data"',
    ]);
  });

  it('is erased with wipe: true when the profile names it', () => {
    expect(found(true, foreign)).toMatchObject({ changes: [{ from: 'ext4 “old-data”', destructive: name }] });
  });

  it('is not erased with wipe: true when the selector could pick any disk of a kind', () => {
    const fault = faultOf(found(true, foreign, { match: { minSize: '500Gi' } }));

    expect(screen(fault)).toMatchInlineSnapshot(`
      [
        "CONSENT-MISSING",
        "wipe: true would erase the disk /dev/disk/by-id/wwn-0x5002538f00000001 (SAMSUNG MZQL2, serial S64GNE0R500002, wwn 0x5002538f00000001, 1 TiB), which the profile does not name",
        "a selector without serial, wwn or byId could pick another disk on another day",
        "set disks.data.match.serial: S64GNE0R500002",
      ]
    `);
  });

  it('is used as it is with wipe: never when it holds the filesystem', () => {
    expect(found('never', foreign)).toEqual({ state: 'converged' });
  });

  it('is not even formatted blank with wipe: never', () => {
    expect(screen(faultOf(found('never', blank)))).toMatchInlineSnapshot(`
      [
        "CONSENT-MISSING",
        "the data disk /dev/disk/by-id/wwn-0x5002538f00000001 (SAMSUNG MZQL2, serial S64GNE0R500002, wwn 0x5002538f00000001, 1 TiB) holds no ext4 filesystem, and the profile says wipe: never",
        "set disks.data.wipe: if-blank",
        "or  mkfs.ext4 /dev/disk/by-id/wwn-0x5002538f00000001",
      ]
    `);
  });

  it('is refused while something uses it', () => {
    const used = { ...disk, usedBy: ['/srv', 'swap'] };

    expect(screen(faultOf(found(true, foreign, {}, undefined, used)))).toMatchInlineSnapshot(`
      [
        "DISK-IN-USE",
        "the data disk /dev/disk/by-id/wwn-0x5002538f00000001 (SAMSUNG MZQL2, serial S64GNE0R500002, wwn 0x5002538f00000001, 1 TiB) is in use: /srv, swap",
        "lsblk /dev/nvme1n1",
        "umount what is mounted there, or set disks.data.match to another disk",
      ]
    `);
  });

  it('is formatted again after a power cut in the middle of mkfs', () => {
    const half: Contents = { type: 'ext4', found: ['ext4'] };

    expect(found('if-blank', half, {}, nameOf(disk))).toMatchObject({ state: 'drifted' });
    expect(found('if-blank', half, {}, 'disk /dev/sdz')).toMatchObject({ state: 'blocked' });
  });

  it('is not turned from one filesystem of ours into another', () => {
    expect(faultOf(found('if-blank', ours, { filesystem: 'xfs' })).code).toBe('DISK-NOT-BLANK');
  });
});

describe('fstab', () => {
  const own = 'UUID=1 /var/lib/longhorn ext4 defaults,nofail,x-systemd.device-timeout=30s 0 2';

  it('gets one line and keeps the others', () => {
    expect(withMount('UUID=9 / ext4 defaults 0 1\n', '1', '/var/lib/longhorn', 'ext4')).toBe(
      `UUID=9 / ext4 defaults 0 1\n${own}\n`,
    );
  });

  it('loses an older line for the same place', () => {
    const table = `/dev/sdb1 /var/lib/longhorn ext4 defaults 0 2\n# /var/lib/longhorn is Longhorn's\n`;

    expect(withMount(table, '1', '/var/lib/longhorn', 'ext4')).toBe(`# /var/lib/longhorn is Longhorn's\n${own}\n`);
  });

  it('stays as it is when the line is there, wherever that is', () => {
    const table = `${own}\n\nUUID=9 / ext4 defaults 0 1\n`;

    expect(withMount(table, '1', '/var/lib/longhorn', 'ext4')).toBe(table);
  });
});
