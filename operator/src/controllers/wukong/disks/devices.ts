import type { Json } from '#kube/json';
import type { WukongSpec } from '../../../api/wukong.ts';
import { bootDiskOf } from './filling.ts';
import type { DiskPlan } from './plan-disk.ts';

/**
 * `domain.devices.disks` entry. Only the boot disk has a place in the boot order: with one for each, a disk that
 * comes or goes would change its neighbours, which takes a restart.
 */
export function deviceOf(spec: WukongSpec, { disk, filling }: DiskPlan): Json {
  const isReadOnly = filling.kind === 'existing' && filling.readOnly;
  const isHot = disk.hotpluggable === true;
  // Of the slots for virtio disks only a few are free while a machine runs.
  const bus = disk.bus ?? (isHot ? 'scsi' : 'virtio');
  return {
    name: disk.name,
    disk: { bus, ...(isReadOnly ? { readonly: true } : {}) },
    ...(disk.name === bootDiskOf(spec)?.name ? { bootOrder: 1 } : {}),
    // By this a guest finds a disk that comes while it runs.
    ...(isHot ? { serial: disk.name } : {}),
  };
}

/** `volumes` entry. */
export function volumeOf({ disk, filling, status }: DiskPlan): Json {
  const isReadOnly = filling.kind === 'existing' && filling.readOnly;
  return {
    name: disk.name,
    persistentVolumeClaim: {
      claimName: status.pvcName,
      ...(isReadOnly ? { readOnly: true } : {}),
      ...(disk.hotpluggable === true ? { hotpluggable: true } : {}),
    },
  };
}
