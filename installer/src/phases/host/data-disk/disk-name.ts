import type { DiskFacts } from '#ports/facts';
import { formatSize } from '#profile/units';

/** The path of a disk that means the same disk after the next boot, as far as the machine knows one. */
export function deviceOf({ byId, path }: DiskFacts): string {
  const wwn = byId.find((name) => /^(wwn|nvme-eui|nvme-uuid)/.test(name));
  const best = wwn ?? byId[0];
  return best === undefined ? path : `/dev/disk/by-id/${best}`;
}

/** A disk in the words in which consent names it: the same for the same disk on every boot. */
export function nameOf(disk: DiskFacts): string {
  const identity = [
    ...(disk.model === undefined ? [] : [disk.model]),
    ...(disk.serial === undefined ? [] : [`serial ${disk.serial}`]),
    ...(disk.wwn === undefined ? [] : [`wwn ${disk.wwn}`]),
    formatSize(disk.size),
  ];
  return `disk ${deviceOf(disk)} (${identity.join(', ')})`;
}
