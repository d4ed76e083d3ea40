import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { WukongDisk } from '../../../api/wukong.ts';
import type { DisksSeen } from './seen.ts';

/** Best first: CDI fills disks on the class that is marked for machines, so empty disks are made there too. */
const defaults = ['storageclass.kubevirt.io/is-default-virt-class', 'storageclass.kubernetes.io/is-default-class'];

/** The class that a disk without one gets; of two defaults the newest, as in Kubernetes itself. */
export function defaultClass(classes: readonly KubeObject[]): KubeObject | undefined {
  for (const mark of defaults) {
    const marked = classes.filter(({ metadata }) => metadata.annotations?.[mark] === 'true');
    const [newest] = marked.toSorted((a, b) => age(b).localeCompare(age(a)) || compare(a, b));
    if (newest !== undefined) return newest;
  }
  return undefined;
}

function age({ metadata }: KubeObject): string {
  return metadata.creationTimestamp ?? '';
}

function compare(one: KubeObject, other: KubeObject): number {
  return one.metadata.name < other.metadata.name ? -1 : 1;
}

/** The class of a disk that is yet to be made. */
export function classFor(disk: WukongDisk, { storageClasses }: DisksSeen): KubeObject | undefined {
  return disk.storageClassName === undefined
    ? defaultClass(storageClasses)
    : storageClasses.find(({ metadata }) => metadata.name === disk.storageClassName);
}

/** The class of a claim that is there. */
export function classOf(claim: KubeObject, { storageClasses }: DisksSeen): KubeObject | undefined {
  const name: string | undefined = claim['spec']?.storageClassName;
  return storageClasses.find(({ metadata }) => metadata.name === name);
}

export interface ClaimModes {
  readonly accessModes: readonly string[];
  readonly volumeMode: 'Block' | 'Filesystem';
}

/**
 * How an empty disk is asked for: as it says itself, else as CDI knows the class, best first.
 * Of a class that nobody knows a file system is asked for, which every driver can make.
 */
export function modesFor(disk: WukongDisk, profile: KubeObject | undefined): ClaimModes {
  const sets: readonly Json[] = profile?.['status']?.claimPropertySets ?? [];
  const wanted = disk.accessModes ?? [];
  const fits = (one: Json) =>
    wanted.every((mode) => (one.accessModes ?? []).includes(mode)) &&
    (disk.volumeMode === undefined || one.volumeMode === disk.volumeMode);
  const known = sets.find(fits) ?? {};
  return {
    accessModes: disk.accessModes ?? known.accessModes ?? ['ReadWriteOnce'],
    volumeMode: disk.volumeMode ?? known.volumeMode ?? 'Filesystem',
  };
}
