import { describe, expect, it } from 'vitest';
import { diskFacts } from './disk-facts.ts';

const nothing = {
  serial: null,
  wwn: null,
  model: null,
  tran: null,
  fstype: null,
  label: null,
  pttype: null,
  rota: false,
  rm: false,
  ro: false,
  mountpoints: [null],
};
const lsblk = (...blockdevices: readonly object[]) => JSON.stringify({ blockdevices });

describe('diskFacts', () => {
  it('leaves out compressed memory and reads a virtual disk without names', () => {
    // Recorded from a virtual machine.
    const json = lsblk(
      { ...nothing, name: 'zram0', path: '/dev/zram0', size: 0, type: 'disk' },
      { ...nothing, name: 'vda', path: '/dev/vda', size: 274877906944, rota: true, mountpoints: ['/'], type: 'disk' },
    );

    expect(diskFacts(json)).toEqual([
      {
        path: '/dev/vda',
        byId: [],
        size: 274877906944,
        rotational: true,
        removable: false,
        readOnly: false,
        contents: [],
        usedBy: ['/'],
      },
    ]);
  });

  it('tells names, partitions, labels and uses of a disk', () => {
    const part = { ...nothing, type: 'part', path: undefined };
    const json = lsblk({
      ...nothing,
      name: 'sda',
      path: '/dev/sda',
      serial: ' S5XANX0N900123 ',
      wwn: '0x5002538f00000001',
      model: 'SAMSUNG MZ7L31T9',
      size: '1920383410176',
      tran: 'sata',
      pttype: 'gpt',
      type: 'disk',
      children: [
        { ...part, name: 'sda1', size: 1, fstype: 'vfat', label: 'EFI', mountpoints: ['/boot/efi'] },
        { ...part, name: 'sda2', size: 1, fstype: 'swap', mountpoints: ['[SWAP]'] },
        {
          ...part,
          name: 'sda3',
          size: 1,
          fstype: 'LVM2_member',
          children: [
            {
              ...nothing,
              name: 'vg-root',
              path: '/dev/mapper/vg-root',
              type: 'lvm',
              fstype: 'ext4',
              mountpoints: ['/'],
            },
          ],
        },
      ],
    });
    const links = new Map([
      ['wwn-0x5002538f00000001', 'sda'],
      ['ata-SAMSUNG_MZ7L31T9_S5XANX0N900123', 'sda'],
      ['ata-SAMSUNG_MZ7L31T9_S5XANX0N900123-part1', 'sda1'],
    ]);

    const [disk] = diskFacts(json, links);

    expect(disk).toMatchObject({
      serial: 'S5XANX0N900123',
      wwn: '0x5002538f00000001',
      size: 1920383410176,
      transport: 'sata',
      byId: ['ata-SAMSUNG_MZ7L31T9_S5XANX0N900123', 'wwn-0x5002538f00000001'],
      contents: ['gpt', 'sda1: vfat "EFI"', 'sda2: swap', 'sda3: LVM2_member', 'vg-root: ext4'],
      usedBy: ['/boot/efi', 'swap', 'lvm', '/'],
    });
  });

  it('leaves out loops, optical drives and empty card readers', () => {
    const json = lsblk(
      { ...nothing, name: 'loop0', size: 5, type: 'loop' },
      { ...nothing, name: 'sr0', size: 5, type: 'rom' },
      { ...nothing, name: 'sdz', size: 0, type: 'disk' },
      { ...nothing, name: 'nbd0', size: 5, type: 'disk' },
    );

    expect(diskFacts(json)).toEqual([]);
  });

  it.each(['', 'lsblk: failed to access sysfs directory', '{}'])('sees no disk in %j', (text) => {
    expect(diskFacts(text)).toEqual([]);
  });
});
