/** Which disk is for what, and what may be erased. */
import { isDeepStrictEqual } from 'node:util';
import { sameIdentity } from '../identity.ts';
import type { Look } from '../look.ts';
import type { Path } from '../mistake.ts';
import type { DiskMatch, Profile } from '../schema.ts';

type Node = Profile['nodes'][number];

export function selectorsSelect(look: Look): void {
  for (const [index, { disks, network }] of look.profile.nodes.entries()) {
    const base: Path = ['nodes', index];
    for (const role of ['system', 'data'] as const)
      filled(
        look,
        disks[role]?.match,
        [...base, 'disks', role, 'match'],
        'disk',
        'name the disk by serial, wwn or byId',
      );
    filled(
      look,
      network.management.match,
      [...base, 'network', 'management', 'match'],
      'network card',
      'name the card by its mac',
    );
    for (const [at, { match }] of network.interfaces.entries())
      filled(look, match, [...base, 'network', 'interfaces', at, 'match'], 'network card', 'name the card by its mac');
    for (const role of ['system', 'data'] as const)
      ordered(look, disks[role]?.match, [...base, 'disks', role, 'match']);
  }
}

function filled(look: Look, match: object | undefined, path: Path, noun: string, right: string): void {
  if (match === undefined || Object.keys(match).length > 0) return;
  look.say(path, {
    message: `an empty selector fits every ${noun}`,
    right: `${right}; novasphere inventory lists them`,
  });
}

function ordered(look: Look, match: DiskMatch | undefined, path: Path): void {
  if (match?.minSize === undefined || match.maxSize === undefined || match.minSize <= match.maxSize) return;
  look.say([...path, 'maxSize'], {
    message: `maxSize is below minSize (${look.line([...path, 'minSize'])})`,
    right: 'no disk can fit; exchange the two',
    others: [[...path, 'minSize']],
  });
}

/** No disk is ever formatted unless the profile names exactly that disk. */
export function wipeIsExact(look: Look): void {
  for (const [index, { disks }] of look.profile.nodes.entries()) {
    for (const role of ['system', 'data'] as const) {
      const disk = disks[role];
      if (disk === undefined || disk.wipe === false || disk.wipe === 'never' || isExact(disk.match)) continue;
      const path: Path = ['nodes', index, 'disks', role];
      look.say([...path, 'wipe'], {
        message: `wipe: ${disk.wipe} needs a disk that is named exactly; the selector (${look.line([...path, 'match'])}) could fit another one`,
        right: 'add serial, wwn or byId to match; novasphere inventory shows them',
        others: [[...path, 'match']],
      });
    }
  }
}

function isExact({ serial, wwn, byId }: DiskMatch): boolean {
  return serial !== undefined || wwn !== undefined || byId !== undefined;
}

export function disksAreApart(look: Look): void {
  for (const [index, { disks }] of look.profile.nodes.entries()) {
    const { system, data } = disks;
    if (system === undefined || data === undefined || !isSame(system.match, data.match)) continue;
    const path: Path = ['nodes', index, 'disks'];
    look.say([...path, 'data', 'match'], {
      message: `the data disk is the system disk (${look.line([...path, 'system', 'match'])})`,
      right: 'name another disk, or leave data out: then both share one disk',
      others: [[...path, 'system', 'match']],
    });
  }
}

function isSame(a: DiskMatch, b: DiskMatch): boolean {
  return Object.keys(a).length > 0 && (isDeepStrictEqual(a, b) || sameIdentity(a, b));
}

const taken = [
  '/boot',
  '/dev',
  '/etc',
  '/home',
  '/opt',
  '/proc',
  '/root',
  '/run',
  '/srv',
  '/sys',
  '/tmp',
  '/usr',
  '/var',
  '/var/lib',
  '/var/log',
];
const forbidden = ['/boot', '/dev', '/etc', '/proc', '/run', '/sys', '/tmp', '/usr'];

export function dataIsMountedApart(look: Look): void {
  for (const [index, node] of look.profile.nodes.entries()) mountedApart(look, node, index);
}

function mountedApart(look: Look, { disks }: Node, index: number): void {
  const mount = disks.data?.mount.replace(/(?<=.)\/+$/, '');
  if (mount === undefined) return;
  const path: Path = ['nodes', index, 'disks', 'data', 'mount'];
  const right = 'write /var/lib/longhorn';
  const { dataDir } = look.profile.cluster.k3s;
  const dataDirPath: Path = ['cluster', 'k3s', 'dataDir'];
  if (mount === '/' || mount.split('/').includes('..'))
    look.say(path, { message: `the data disk cannot be mounted at ${mount}`, right });
  else if (isUnder(mount, dataDir))
    look.say(path, {
      message: `${mount} is inside ${dataDir}, where k3s keeps its state (${look.line(dataDirPath)})`,
      right,
      others: [dataDirPath],
    });
  else if (taken.includes(mount) || forbidden.some((folder) => isUnder(mount, folder)))
    look.say(path, { message: `${mount} belongs to the operating system; a disk mounted there would hide it`, right });
}

function isUnder(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder.replace(/\/+$/, '')}/`);
}
