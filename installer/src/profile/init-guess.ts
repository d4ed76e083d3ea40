import type { DiskFacts, Inventory, NicFacts } from '#ports/facts';
import { tellDisk } from './match-disk.ts';

export interface DiskName {
  readonly key: 'serial' | 'wwn' | 'byId';
  readonly value: string;
}

/** What an inventory suggests for a profile. Nothing here may be wiped but a blank disk that is named exactly. */
export interface Guess {
  readonly serial?: string;
  readonly system?: DiskName;
  readonly data?: DiskName;
  /** Every disk in a line. */
  readonly disks: readonly string[];
  readonly management?: { readonly mac: string; readonly address?: string };
  readonly others: readonly { readonly mac: string; readonly about: string }[];
}

export function guessFrom({ machine, disks, nics }: Inventory): Guess {
  const cards = nics.filter((nic) => nic.kind === 'physical' && /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(nic.mac));
  const own = cards.toSorted((a, b) => rank(b) - rank(a))[0];
  const system = nameOf(
    disks.find((disk) => disk.usedBy.includes('/')),
    disks,
  );
  const data = nameOf(largestBlank(disks), disks);
  const serial = machine.serial?.trim();
  const others = cards.filter((card) => card !== own && unique(card, cards)).slice(0, 8);
  return {
    ...(serial === undefined || serial === '' || /[^\x20-\x7E]/.test(serial) ? {} : { serial }),
    ...(system === undefined ? {} : { system }),
    ...(data === undefined ? {} : { data }),
    disks: disks.map((disk) => tellLine(disk)),
    ...(own === undefined ? {} : { management: management(own) }),
    others: others.map((card) => ({ mac: card.mac.toLowerCase(), about: tellCard(card) })),
  };
}

/** The card that has an address is the one through which somebody is reading this. */
function rank(nic: NicFacts): number {
  return (ipv4(nic) === undefined ? 0 : 2) + (nic.carrier ? 1 : 0);
}

function ipv4(nic: NicFacts): string | undefined {
  return nic.addresses.find((address) => /^([0-9]{1,3}\.){3}[0-9]{1,3}\/[0-9]{1,2}$/.test(address));
}

function unique(card: NicFacts, cards: readonly NicFacts[]): boolean {
  return cards.filter((one) => one.mac.toLowerCase() === card.mac.toLowerCase()).length === 1;
}

function management(nic: NicFacts): { mac: string; address?: string } {
  const address = ipv4(nic);
  return { mac: nic.mac.toLowerCase(), ...(address === undefined ? {} : { address }) };
}

function largestBlank(disks: readonly DiskFacts[]): DiskFacts | undefined {
  const blank = disks.filter(
    (disk) => disk.contents.length === 0 && disk.usedBy.length === 0 && !disk.removable && !disk.readOnly,
  );
  return blank.toSorted((a, b) => b.size - a.size)[0];
}

/** A name that this disk alone has and that can be typed. */
function nameOf(disk: DiskFacts | undefined, disks: readonly DiskFacts[]): DiskName | undefined {
  if (disk === undefined) return undefined;
  const names = [
    ['serial', (one: DiskFacts) => one.serial?.trim()],
    ['wwn', (one: DiskFacts) => one.wwn],
    ['byId', (one: DiskFacts) => one.byId[0]],
  ] as const;
  for (const [key, read] of names) {
    const value = read(disk);
    const isGood = value !== undefined && /^[\x21-\x7E]([\x20-\x7E]*[\x21-\x7E])?$/.test(value);
    if (isGood && disks.filter((one) => read(one) === value).length === 1) return { key, value };
  }
  return undefined;
}

function tellLine(disk: DiskFacts): string {
  const use =
    disk.usedBy.length > 0
      ? `used by ${disk.usedBy.join(', ')}`
      : disk.contents.length > 0
        ? `holds ${disk.contents.join(', ')}`
        : 'blank';
  return `${tellDisk(disk)}: ${use}`.replaceAll(/[^\x20-\x7E]+/g, ' ');
}

function tellCard(nic: NicFacts): string {
  const speed = nic.speed === undefined ? '' : ` at ${nic.speed} Mbit/s`;
  return `${nic.name}, ${nic.carrier ? `link${speed}` : 'no link'}`.replaceAll(/[^\x20-\x7E]+/g, ' ');
}
