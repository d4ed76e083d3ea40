import type { DiskFacts } from '#ports/facts';
import { type Candidate, type Kind, type Picked, pick } from './candidate.ts';
import { normalById, normalSerial, normalWwn } from './identity.ts';
import type { DiskMatch } from './schema.ts';
import { formatSize } from './units.ts';

/** The one disk that a selector picks. */
export function matchDisk(match: DiskMatch, disks: readonly DiskFacts[]): Picked<DiskFacts> {
  return pick(shown(match), diskCandidates(match, disks), kind);
}

/** Every disk with what speaks against it. */
export function diskCandidates(match: DiskMatch, disks: readonly DiskFacts[]): readonly Candidate<DiskFacts>[] {
  return disks.map((device) => {
    const reasons = [...againstIdentity(match, device), ...againstNature(match, device)];
    return { device, fits: reasons.length === 0, reasons };
  });
}

function againstIdentity({ serial, wwn, byId }: DiskMatch, disk: DiskFacts): readonly string[] {
  const reasons: string[] = [];
  if (serial !== undefined && (disk.serial === undefined || normalSerial(disk.serial) !== normalSerial(serial)))
    reasons.push(isNot('serial', disk.serial, serial));
  if (wwn !== undefined && (disk.wwn === undefined || normalWwn(disk.wwn) !== normalWwn(wwn)))
    reasons.push(wrongWwn(disk.wwn, wwn));
  if (byId !== undefined && !disk.byId.some((name) => normalById(name) === normalById(byId)))
    reasons.push(`none of its names is ${normalById(byId)}`);
  return reasons;
}

/** The beginning of a WWN is the vendor's and fits every disk of a batch, so that only the whole one counts. */
function wrongWwn(has: string | undefined, wanted: string): string {
  const isBeginning = has !== undefined && normalWwn(has).startsWith(normalWwn(wanted));
  return isBeginning ? `${wanted} is only the beginning of its wwn ${has}` : isNot('wwn', has, wanted);
}

function againstNature(match: DiskMatch, disk: DiskFacts): readonly string[] {
  const { model, minSize, maxSize, rotational } = match;
  const reasons: string[] = [];
  if (model !== undefined && disk.model?.trim() !== model.trim()) reasons.push(isNot('model', disk.model, model));
  if (minSize !== undefined && disk.size < minSize)
    reasons.push(`${formatSize(disk.size)} is less than ${formatSize(minSize)}`);
  if (maxSize !== undefined && disk.size > maxSize)
    reasons.push(`${formatSize(disk.size)} is more than ${formatSize(maxSize)}`);
  if (rotational !== undefined && disk.rotational !== rotational)
    reasons.push(disk.rotational ? 'it spins' : 'it is solid state');
  if (disk.readOnly) reasons.push('it is read-only');
  const isNamed = match.serial !== undefined || match.wwn !== undefined || match.byId !== undefined;
  if (disk.removable && !isNamed) reasons.push('it is removable; only serial, wwn or byId can pick it');
  return reasons;
}

function isNot(noun: string, has: string | undefined, wanted: string): string {
  return has === undefined ? `it reports no ${noun}` : `its ${noun} is ${has.trim()}, not ${wanted}`;
}

const kind: Kind<DiskFacts> = {
  noun: 'disk',
  keys: 'serial, wwn or byId',
  alike: {
    cause: 'they report the same serial number and WWN: one disk on two paths, or a controller that copies identities',
    remedy: [
      'lsblk -o NAME,HCTL,TRAN,SIZE,MODEL,SERIAL,WWN          on which port each of them is',
      'unplug the second path, or one of the disks, then run the same command again',
    ],
  },
  tell: (disk) => tellDisk(disk),
  single: (disk, among) => {
    const keys = [
      ['serial', (one: DiskFacts) => one.serial?.trim()],
      ['wwn', (one: DiskFacts) => one.wwn],
      ['byId', (one: DiskFacts) => one.byId[0]],
    ] as const;
    // Names in /dev/disk/by-id are made of the serial number: of two disks with the same one, chance decides who has it.
    const shared = disk.serial !== undefined && among.filter((one) => one.serial === disk.serial).length > 1;
    const key = keys.find(
      ([name, read]) =>
        !(shared && name === 'byId') &&
        read(disk) !== undefined &&
        among.filter((one) => read(one) === read(disk)).length === 1,
    );
    return key === undefined ? undefined : `{${key[0]}: ${key[1](disk)}} (${disk.path})`;
  },
};

/** `/dev/sda (SAMSUNG MZ7L31T9, 1.7 TiB, serial S5XANX0N900123)` */
export function tellDisk(disk: DiskFacts): string {
  const name =
    disk.serial === undefined ? (disk.wwn === undefined ? [] : [`wwn ${disk.wwn}`]) : [`serial ${disk.serial.trim()}`];
  return `${disk.path} (${[...(disk.model === undefined ? [] : [disk.model.trim()]), formatSize(disk.size), ...name].join(', ')})`;
}

/** The selector as it was written, with sizes for people again. */
function shown(match: DiskMatch): object {
  const { minSize, maxSize, ...rest } = match;
  return {
    ...rest,
    ...(minSize === undefined ? {} : { minSize: formatSize(minSize) }),
    ...(maxSize === undefined ? {} : { maxSize: formatSize(maxSize) }),
  };
}
