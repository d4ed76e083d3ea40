import { Fault } from '#engine/fault';
import type { DiskFacts, Inventory, NicFacts } from '#ports/facts';
import type { Candidate, Picked } from './candidate.ts';
import { hostOf } from './host-of.ts';
import { diskCandidates, matchDisk, tellDisk } from './match-disk.ts';
import { judgeHost } from './match-host.ts';
import { matchNic, nicCandidates, tellNic } from './match-nic.ts';
import { nodeOf } from './match-node.ts';
import type { Node, Profile } from './schema.ts';

export type { Candidate } from './candidate.ts';
export { matchDisk, tellDisk } from './match-disk.ts';
export { matchNic, tellNic } from './match-nic.ts';
export { nodeOf } from './match-node.ts';

export interface MatchedDisk {
  readonly role: 'system' | 'data';
  readonly chosen?: DiskFacts;
  readonly considered: readonly Candidate<DiskFacts>[];
}

export interface MatchedNic {
  /** The name that it gets. */
  readonly name: string;
  readonly chosen?: NicFacts;
  readonly considered: readonly Candidate<NicFacts>[];
}

/** Which device each selector of a node picks on a machine, why not the others, and what else does not fit. */
export interface Match {
  /** Undefined when the machine is none of the profile's nodes; then there is one fault and nothing else. */
  readonly node?: Node;
  readonly disks: readonly MatchedDisk[];
  readonly nics: readonly MatchedNic[];
  readonly faults: readonly Fault[];
  readonly warnings: readonly string[];
}

/** Pure: holds a profile against an inventory. */
export function matchProfile(profile: Profile, inventory: Inventory, nodeName?: string): Match {
  const which = nodeOf(profile, inventory, nodeName);
  if ('fault' in which) return { disks: [], nics: [], faults: [which.fault], warnings: [] };
  const { node, index } = which;
  const disks = disksOf(node, inventory, index);
  const nics = nicsOf(node, inventory, index);
  const host = judgeHost(hostOf(profile, node), inventory);
  const matched = { disks: disks.map(({ matched }) => matched), nics: nics.map(({ matched }) => matched) };
  const faults = [...disks, ...nics].flatMap(({ picked }) => ('fault' in picked ? [picked.fault] : []));
  return {
    node,
    ...matched,
    faults: [
      ...faults,
      ...collisions(matched.disks, matched.nics, index),
      ...inUse(node, matched.disks, index),
      ...host.faults,
    ],
    warnings: [...which.warnings, ...notBlank(node, matched.disks), ...unplugged(matched.nics), ...host.warnings],
  };
}

function disksOf({ disks }: Node, inventory: Inventory, index: number) {
  return (['system', 'data'] as const).flatMap((role) => {
    const match = disks[role]?.match;
    if (match === undefined) return [];
    const picked = placed(matchDisk(match, inventory.disks), `nodes[${index}].disks.${role}.match`);
    const matched: MatchedDisk = { role, ...choice(picked), considered: diskCandidates(match, inventory.disks) };
    return [{ picked, matched }];
  });
}

function nicsOf({ network }: Node, inventory: Inventory, index: number) {
  const base = `nodes[${index}].network`;
  const wanted = [
    { ...network.management, path: `${base}.management.match` },
    ...network.interfaces.map((one, at) => ({ ...one, path: `${base}.interfaces[${at}].match` })),
  ];
  return wanted.map(({ match, name, path }) => {
    const picked = placed(matchNic(match, inventory.nics), path);
    const matched: MatchedNic = { name, ...choice(picked), considered: nicCandidates(match, inventory.nics) };
    return { picked, matched };
  });
}

function placed<Device>(picked: Picked<Device>, path: string): Picked<Device> {
  return 'fault' in picked ? { fault: picked.fault.at(path) } : picked;
}

function choice<Device>(picked: Picked<Device>): { readonly chosen?: Device } {
  return 'fault' in picked ? {} : { chosen: picked.chosen };
}

function collisions(disks: readonly MatchedDisk[], nics: readonly MatchedNic[], index: number): readonly Fault[] {
  const [system, data] = disks;
  const faults: Fault[] = [];
  if (system?.chosen !== undefined && data?.chosen !== undefined && system.chosen.path === data.chosen.path)
    faults.push(
      twice(`disks.system and disks.data both pick ${tellDisk(data.chosen)}`, `nodes[${index}].disks.data.match`),
    );
  for (const [at, { name, chosen }] of nics.entries()) {
    const other = chosen === undefined ? undefined : nics.slice(0, at).find((one) => one.chosen?.name === chosen.name);
    if (chosen !== undefined && other !== undefined)
      faults.push(twice(`${other.name} and ${name} both pick ${tellNic(chosen)}`, `nodes[${index}].network`));
  }
  return faults;
}

function twice(message: string, where: string): Fault {
  const remedy = [
    'novasphere inventory',
    'give each selector an identity of its own: serial or wwn of a disk, mac of a card',
  ] as const;
  return new Fault({ code: 'MATCH-AMBIGUOUS', message, where: [where], remedy: [...remedy] });
}

function inUse({ disks }: Node, matched: readonly MatchedDisk[], index: number): readonly Fault[] {
  const chosen = matched.find(({ role }) => role === 'data')?.chosen;
  const mount = disks.data?.mount.replace(/(?<=.)\/+$/, '') ?? '';
  // Once it is mounted where it belongs, what pods bind from there shows as a use as well.
  if (chosen === undefined || chosen.usedBy.length === 0 || chosen.usedBy.includes(mount)) return [];
  return [
    new Fault({
      code: 'DISK-IN-USE',
      message: `the data disk ${tellDisk(chosen)} is in use: ${chosen.usedBy.join(', ')}`,
      where: [`nodes[${index}].disks.data`],
      remedy: [
        'name another disk for data, or take this one out of use',
        `lsblk -o NAME,MOUNTPOINTS,FSTYPE ${chosen.path}`,
      ],
    }),
  ];
}

function notBlank({ disks }: Node, matched: readonly MatchedDisk[]): readonly string[] {
  const chosen = matched.find(({ role }) => role === 'data')?.chosen;
  if (chosen === undefined || chosen.contents.length === 0 || disks.data === undefined) return [];
  const fate = disks.data.wipe === true ? 'apply will ask for consent before it erases it' : 'apply will not erase it';
  return [`the data disk ${chosen.path} holds ${chosen.contents.join(', ')}; with wipe: ${disks.data.wipe} ${fate}`];
}

function unplugged(nics: readonly MatchedNic[]): readonly string[] {
  return nics.flatMap(({ name, chosen }) =>
    chosen === undefined || chosen.carrier ? [] : [`${name} is ${tellNic(chosen)}: is its cable in?`],
  );
}
