import type { Json } from '#kube/json';
import type { Shelf } from '../shelf.ts';
import { claimNames } from './vm-storage.ts';

/**
 * What guests have written on their data disks: boots so far, by the uid of the disk's claim, or of a VolumeSnapshot
 * that was taken of it.
 * Whoever plays a power cut keeps it and gives it to the doubles of the next boot, as a real disk keeps its blocks.
 */
export type GuestDisks = Map<string, number>;

/** The uid of the claim behind the second virtio disk of an instance, where the sample VM keeps its data. */
export function dataDiskOf(instance: Json, claims: Shelf): string | undefined {
  const disks: readonly Json[] = instance.spec.domain.devices.disks ?? [];
  const second = disks.filter((one) => (one.disk?.bus ?? 'virtio') === 'virtio' && one.cdrom === undefined)[1];
  const claim = claimNames(instance.spec).find((one) => one.volume === second?.name)?.claim;
  return claim === undefined ? undefined : claims.get(claim, instance.metadata.namespace)?.metadata.uid;
}

/** Counts one more boot on a disk; a guest without a data disk always boots for the first time. */
export function countBoot(disks: GuestDisks, disk: string | undefined): number {
  if (disk === undefined) return 1;
  const boots = (disks.get(disk) ?? 0) + 1;
  disks.set(disk, boots);
  return boots;
}
