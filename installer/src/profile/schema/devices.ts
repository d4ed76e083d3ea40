/** Which disk, which network card: selectors that are given to exactly one device. */
import * as z from 'zod';
import { Size } from '../units.ts';
import { identity, line, mac, path } from './terms.ts';

export const DiskMatch = z
  .strictObject({
    serial: identity
      .meta({ description: 'The serial number that the disk reports.', examples: ['S5XANX0N900123'] })
      .optional(),
    wwn: identity
      .meta({
        description: 'The World Wide Name, whole; `0x`, `naa.` and `eui.` in front and letter case do not matter.',
        examples: ['0x5002538f00000001'],
      })
      .optional(),
    byId: identity
      .meta({
        description: 'A name from `/dev/disk/by-id/`, with or without that folder.',
        examples: ['nvme-SAMSUNG_MZQL21T9_S64GNE0R500001'],
      })
      .optional(),
    model: line
      .meta({ description: 'The model that the disk reports, whole.', examples: ['SAMSUNG MZ7L31T9'] })
      .optional(),
    minSize: Size.meta({ description: 'Only disks at least this large.', examples: ['400Gi'] }).optional(),
    maxSize: Size.meta({ description: 'Only disks at most this large.', examples: ['2Ti'] }).optional(),
    rotational: z
      .boolean()
      .meta({ description: '`true`: only spinning disks; `false`: only solid state.', examples: [false] })
      .optional(),
  })
  .meta({ description: 'Which disk. All keys that are given have to fit, and exactly one disk must.' });

export const NicMatch = z
  .strictObject({
    mac: mac.meta({ description: 'The MAC address of the card.', examples: ['3c:ec:ef:00:00:01'] }).optional(),
    driver: line.meta({ description: 'The kernel driver of the card.', examples: ['igb'] }).optional(),
    pci: z
      .string()
      .regex(/^[0-9A-Fa-f]{4}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-7]$/, { error: 'a PCI address such as 0000:3b:00.0' })
      .meta({ description: 'The PCI address of the card.', examples: ['0000:3b:00.0'] })
      .optional(),
  })
  .meta({ description: 'Which network card. All keys that are given have to fit, and exactly one card must.' });

export type DiskMatch = z.output<typeof DiskMatch>;
export type NicMatch = z.output<typeof NicMatch>;

export const SystemDisk = z
  .strictObject({
    match: DiskMatch,
    wipe: z
      .boolean()
      .default(false)
      .meta({
        description:
          '`true`: the installation from the ISO may erase this disk. It then has to be named by serial, wwn or byId.',
        examples: [true],
      }),
  })
  .meta({ description: 'The disk that the operating system is on.' });

export const DataDisk = z
  .strictObject({
    match: DiskMatch,
    wipe: z
      .union([z.literal('if-blank'), z.literal('never'), z.literal(true)])
      .default('never')
      .meta({
        description:
          'Whether the disk may be formatted: `never`; `if-blank`, when nothing is on it; `true`, whatever is on it. ' +
          'Unless `never`, it has to be named by serial, wwn or byId.',
        examples: ['if-blank'],
      }),
    filesystem: z
      .enum(['ext4', 'xfs'])
      .default('ext4')
      .meta({ description: 'The file system it has or gets.', examples: ['ext4'] }),
    mount: path
      .default('/var/lib/longhorn')
      .meta({ description: 'Where it is mounted.', examples: ['/var/lib/longhorn'] }),
  })
  .meta({ description: 'The disk for the disks of virtual machines; without one they share the system disk.' });

export type DataDisk = z.output<typeof DataDisk>;
