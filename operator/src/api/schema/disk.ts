import * as z from 'zod';
import { DiskSource } from './disk-source.ts';
import { byName, fixed, image, listOf, name, objectName, quantity, rules } from './terms.ts';

const another = 'add another disk with what you want and copy the data';

const accessMode: z.ZodType<string> = z.enum(['ReadWriteOnce', 'ReadWriteMany', 'ReadOnlyMany', 'ReadWriteOncePod']);

export const Disk = z
  .object({
    name: name.meta({
      description: 'Id of the disk; its claim is called <wukong>-<disk>.',
      examples: ['root'],
    }),
    size: quantity
      .meta({
        description:
          'Capacity, as a Kubernetes quantity such as 20Gi. It may grow while the machine runs; it never shrinks. Only an existing claim needs none.',
        examples: ['20Gi'],
      })
      .optional(),
    boot: z
      .boolean()
      .meta({ description: 'The disk to boot from, at most one. Without any, the first disk.', examples: [true] })
      .optional(),
    image: image
      .meta({
        description:
          'What the disk is filled with, once: docker://…, oci-archive://…, http://…, https://… or a bare image reference. Short for source.image. Without it and without source, the disk is empty.',
        examples: ['quay.io/containerdisks/ubuntu:24.04'],
      })
      .optional(),
    source: DiskSource.optional(),
    storageClassName: objectName
      .meta({
        description:
          "Storage class of the claim. Absent: the class marked for virtual machines, else the cluster's default class.",
        examples: ['longhorn'],
      })
      .optional(),
    accessModes: listOf(accessMode, 4)
      .meta({
        description:
          'How the claim may be mounted; live migration needs ReadWriteMany. Absent: as the storage profile of the class says.',
        examples: [['ReadWriteMany']],
      })
      .optional(),
    volumeMode: z
      .enum(['Block', 'Filesystem'])
      .meta({
        description:
          'Whether the claim is a block device or a file system. Absent: as the storage profile of the class says.',
        examples: ['Block'],
      })
      .optional(),
    deletePolicy: z
      .enum(['Delete', 'Retain'])
      .meta({
        description:
          'What becomes of the claim when the disk or the machine goes: Delete (also when absent) or Retain. An existing claim always stays.',
        examples: ['Retain'],
      })
      .optional(),
    bus: z
      .enum(['virtio', 'sata', 'scsi', 'usb'])
      .meta({
        description:
          'What the guest sees the disk on; sata for guests without virtio drivers. Absent: virtio, and scsi for a disk that is hot-plugged.',
        examples: ['virtio'],
      })
      .optional(),
    hotpluggable: z
      .boolean()
      .meta({
        description: 'Whether the disk may come and go while the machine runs. Never the boot disk.',
        examples: [true],
      })
      .optional(),
  })
  .meta({
    description: 'A disk: an empty one, one filled from an image or another source, or an existing claim.',
    ...rules(
      {
        rule: "self.name != 'cloudinitdisk'",
        message: 'the disk name cloudinitdisk is kept for cloud-init: choose another',
        fieldPath: '.name',
      },
      {
        rule: 'has(self.size) || (has(self.source) && has(self.source.existingClaim))',
        message: 'a disk needs a size; only one from an existing claim goes without',
        fieldPath: '.size',
      },
      {
        rule: '!(has(self.image) && has(self.source))',
        message: 'image and source exclude each other: image is short for source.image, so keep one of them',
        fieldPath: '.source',
      },
      {
        rule: '!(has(self.boot) && self.boot && has(self.hotpluggable) && self.hotpluggable)',
        message: 'the disk that the machine boots from cannot be hot-plugged: leave hotpluggable out',
        fieldPath: '.hotpluggable',
      },
      {
        rule: "!(has(self.hotpluggable) && self.hotpluggable && has(self.bus) && self.bus in ['sata', 'usb'])",
        message: 'a disk is hot-plugged on the bus scsi or virtio',
        fieldPath: '.bus',
      },
      fixed('image', `the image of a disk cannot be changed, added or dropped once the disk is made: ${another}`),
      fixed('source', `the source of a disk cannot be changed, added or dropped once the disk is made: ${another}`),
      fixed('storageClassName', `the storage class of a disk cannot be changed, added or dropped: ${another}`),
      fixed('accessModes', `the access modes of a disk cannot be changed, added or dropped: ${another}`),
      fixed('volumeMode', `the volume mode of a disk cannot be changed, added or dropped: ${another}`),
    ),
  });

export const disks = byName(Disk, 32).meta({
  description: 'The disks, at least one. A disk may be added and removed later.',
  ...rules(
    {
      rule: 'size(self) >= 1',
      message: 'a machine has at least one disk: give it a name and a size, and an image to boot from',
    },
    {
      rule: 'self.filter(d, has(d.boot) && d.boot).size() <= 1',
      message: 'the machine boots from one disk: keep `boot: true` on one of them',
    },
  ),
});
