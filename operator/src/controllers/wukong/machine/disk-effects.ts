import { isDeepStrictEqual } from 'node:util';
import type { WukongDisk, WukongSpec } from '../../../api/wukong.ts';
import { isLess } from '../disks/claim-size.ts';
import { bootDiskOf } from '../disks/filling.ts';
import type { Change, Effect } from './change-effects.ts';

/** What makes a disk what it is. */
const fixed = ['source', 'storageClassName', 'accessModes', 'volumeMode'] as const;
const device = ['bus', 'hotpluggable'] as const;

/** Disk by disk: what comes, what goes, and what changes of the others. */
export function diskEffects(before: WukongSpec, after: WukongSpec): readonly Change[] {
  const old = new Map(before.disks.map((disk) => [disk.name, disk]));
  const left = new Set(after.disks.map(({ name }) => name));
  const boots = bootDiskOf(before)?.name;
  const gone = before.disks
    .filter(({ name }) => !left.has(name))
    .map((disk) => change(disk.name, disk.name === boots ? 'refused' : comesAndGoes(disk)));
  const rest = after.disks.flatMap((disk) => {
    const was = old.get(disk.name);
    return was === undefined ? [change(disk.name, comesAndGoes(disk))] : edited(was, disk, before, after);
  });
  const moved = left.has(boots ?? '') && boots !== bootDiskOf(after)?.name;
  return [...gone, ...rest, ...(moved ? [{ what: 'the boot disk', effect: 'restart' } as const] : [])];
}

function comesAndGoes({ hotpluggable }: WukongDisk): Effect {
  return hotpluggable === true ? 'live' : 'restart';
}

function edited(was: WukongDisk, disk: WukongDisk, before: WukongSpec, after: WukongSpec): readonly Change[] {
  const { name } = disk;
  const differ = (field: keyof WukongDisk) => !isDeepStrictEqual(was[field], disk[field]);
  const image = imageOf(was, before) === imageOf(disk, after) ? [] : [change(`${name}.image`, 'refused')];
  return [
    ...image,
    ...fixed.filter(differ).map((field) => change(`${name}.${field}`, 'refused')),
    ...(differ('size') ? [change(`${name}.size`, isLess(disk.size ?? '0', was.size ?? '0') ? 'refused' : 'live')] : []),
    ...device.filter(differ).map((field) => change(`${name}.${field}`, 'restart')),
    ...(differ('deletePolicy') ? [change(`${name}.deletePolicy`, 'live')] : []),
  ];
}

function imageOf(disk: WukongDisk, spec: WukongSpec): string | undefined {
  if (disk.image !== undefined || disk.source !== undefined) return disk.image;
  return bootDiskOf(spec)?.name === disk.name ? spec.osImage : undefined;
}

function change(path: string, effect: Effect): Change {
  return { what: `the disk ${path}`, effect };
}
