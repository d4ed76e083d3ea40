import { Quantity } from '#kube/quantity';
import type { Wukong, WukongDisk } from '../../../api/wukong.ts';
import type { Mistake } from '../plan.ts';
import { bootDiskOf, type Filling } from './filling.ts';

/** What is wrong with one disk, whatever the cluster has. */
export function diskMistakes(wukong: Wukong, disk: WukongDisk, filling: Filling): readonly Mistake[] {
  const { size, bus, accessModes = [] } = disk;
  const found: string[] = [];
  if (filling.kind !== 'existing' && (size === undefined || !isSize(size)))
    found.push('size: a disk that is made has a size such as 10Gi');
  if (filling.kind === 'filled' && accessModes.length > 1)
    found.push('accessModes: a disk that is filled has one access mode; CDI takes no more');
  if (filling.kind === 'existing' && filling.readOnly && bus === 'sata')
    found.push('bus: a disk on sata cannot be read-only; use virtio, scsi or usb');
  if (disk.hotpluggable === true && disk.name === bootDiskOf(wukong.spec)?.name)
    found.push('hotpluggable: the disk that the machine boots from cannot come and go while it runs');
  return found.map((text) => ({ reason: 'InvalidSpec', message: `spec.disks[${disk.name}].${text}` }));
}

function isSize(text: string): boolean {
  return (Quantity.read(text)?.value ?? 0n) > 0n;
}
