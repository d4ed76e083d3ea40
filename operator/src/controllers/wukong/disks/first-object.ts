import type { KubeObject } from '#kube/object';
import type { Wukong } from '../../../api/wukong.ts';
import { copySourceGone } from './copy-source.ts';
import { newClaim, newDataVolume, type SizedDisk } from './disk-objects.ts';
import type { Filling } from './filling.ts';
import { type Finding, finding } from './finding.ts';
import type { DisksSeen } from './seen.ts';
import { classFor } from './storage-class.ts';

interface Beginning {
  readonly objects: readonly KubeObject[];
  readonly passes: false;
  readonly finding: Finding;
}

/** What a disk that is not there begins with: an empty claim, or a DataVolume that makes and fills one. */
export function firstObject(wukong: Wukong, disk: SizedDisk, filling: Filling, seen: DisksSeen): Beginning {
  const storageClass = classFor(disk, seen);
  if (storageClass === undefined) return nothing(classless(disk, seen));
  const { name } = storageClass.metadata;
  if (filling.kind !== 'filled') {
    const claim = newClaim(wukong, disk, { storageClass: name, profile: seen.profile(name) });
    return { objects: [claim], passes: false, finding: begun(disk) };
  }
  if (!seen.serves.dataVolume) return nothing(finding('MissingDependency', unfillable(disk, filling.from)));
  const dataVolume = newDataVolume(wukong, disk, filling.source, name);
  return { objects: [dataVolume], passes: false, finding: copySourceGone(disk, filling, seen) ?? begun(disk) };
}

function nothing(found: Finding): Beginning {
  return { objects: [], passes: false, finding: found };
}

function begun({ name }: SizedDisk): Finding {
  return finding('Provisioning', `the disk \`${name}\` is being made`);
}

function classless({ name, storageClassName }: SizedDisk, { storageClasses }: DisksSeen): Finding {
  if (storageClassName === undefined) {
    const message = `the disk \`${name}\` names no storage class, and the cluster has no default one; mark a class as the default`;
    return finding('StorageClassNotFound', message);
  }
  const known = storageClasses.map(({ metadata }) => metadata.name).toSorted();
  const choice = known.length === 0 ? 'there is none at all' : `there are: ${known.join(', ')}`;
  const message = `the disk \`${name}\` asks for the storage class ${storageClassName}, which is not there (${choice}); create it, or make the Wukong anew with another`;
  return finding('StorageClassNotFound', message);
}

function unfillable({ name }: SizedDisk, from: string): string {
  return `the disk \`${name}\` is to be filled from ${from}, and the cluster has nothing that does so; install CDI`;
}
