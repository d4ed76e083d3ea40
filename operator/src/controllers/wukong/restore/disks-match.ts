import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { claimName, type Wukong } from '../../../api/wukong.ts';

interface Backup {
  readonly volume: string;
  readonly claim: string;
}

/** A volume that KubeVirt keeps for itself, for the firmware of the machine. */
const firmwareVolume = /^persistent-state-for-/;

/** The volumes that a snapshot holds, with the claims that they were. */
export function backupsOf(content: KubeObject): readonly Backup[] {
  const backups: readonly Json[] = content['spec']?.volumeBackups ?? [];
  return backups.map(({ volumeName, persistentVolumeClaim }) => ({
    volume: volumeName,
    claim: persistentVolumeClaim?.metadata?.name,
  }));
}

/**
 * Why what a snapshot holds does not fit the disks of the Wukong. A restore also puts back the list of disks as it was,
 * so a disk more or less would come out as a machine without it, or with one that nobody asked for.
 */
export function misfits(wukong: Wukong, content: KubeObject): readonly string[] {
  const backups = backupsOf(content);
  const { disks } = wukong.spec;
  const missing = disks.filter((disk) => !backups.some(({ volume }) => volume === disk.name));
  const more = backups.filter(
    ({ volume }) => !firmwareVolume.test(volume) && !disks.some(({ name }) => name === volume),
  );
  const moved = disks.filter((disk) => {
    const backup = backups.find(({ volume }) => volume === disk.name);
    return backup !== undefined && backup.claim !== claimName(wukong, disk);
  });
  return [
    ...missing.map(({ name }) => `it does not hold the disk \`${name}\``),
    ...more.map(({ volume }) => `it holds the disk \`${volume}\`, which the Wukong does not have`),
    ...moved.map(({ name }) => `it holds the disk \`${name}\` of another claim`),
  ];
}
