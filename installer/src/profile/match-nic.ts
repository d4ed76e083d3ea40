import type { NicFacts } from '#ports/facts';
import { type Candidate, type Kind, type Picked, pick } from './candidate.ts';
import type { NicMatch } from './schema.ts';

/** The one network card that a selector picks. */
export function matchNic(match: NicMatch, nics: readonly NicFacts[]): Picked<NicFacts> {
  return pick(match, nicCandidates(match, nics), kind);
}

/** Every interface with what speaks against it. Bridges carry the MAC address of their port, so only hardware counts. */
export function nicCandidates(match: NicMatch, nics: readonly NicFacts[]): readonly Candidate<NicFacts>[] {
  return nics.map((device) => {
    const reasons = against(match, device);
    return { device, fits: reasons.length === 0, reasons };
  });
}

function against({ mac, driver, pci }: NicMatch, nic: NicFacts): readonly string[] {
  const reasons: string[] = [];
  if (nic.kind === 'virtual') reasons.push('it is no hardware');
  if (mac !== undefined && nic.mac.toLowerCase() !== mac) reasons.push(`its mac is ${nic.mac}, not ${mac}`);
  if (driver !== undefined && nic.driver !== driver) reasons.push(isNot('driver', nic.driver, driver));
  if (pci !== undefined && nic.pci?.toLowerCase() !== pci.toLowerCase())
    reasons.push(isNot('PCI address', nic.pci, pci));
  return reasons;
}

function isNot(noun: string, has: string | undefined, wanted: string): string {
  return has === undefined ? `it reports no ${noun}` : `its ${noun} is ${has}, not ${wanted}`;
}

const kind: Kind<NicFacts> = {
  noun: 'network card',
  keys: 'mac or pci',
  alike: {
    cause: 'they report the same MAC and no PCI address',
    remedy: ['novasphere inventory          what each of them reports'],
  },
  tell: (nic) => tellNic(nic),
  single: (nic, among) => {
    if (nic.kind === 'virtual') return undefined;
    const rivals = among.filter((one) => one.kind === 'physical' && one.mac === nic.mac);
    if (rivals.length === 1) return `{mac: ${nic.mac}} (${nic.name})`;
    return nic.pci === undefined ? undefined : `{pci: ${nic.pci}} (${nic.name})`;
  },
};

/** `eno1 (3c:ec:ef:00:00:01, igb, link 1000 Mbit/s)` */
export function tellNic(nic: NicFacts): string {
  const link = nic.carrier ? `link${nic.speed === undefined ? '' : ` ${nic.speed} Mbit/s`}` : 'no link';
  return `${nic.name} (${[nic.mac, ...(nic.driver === undefined ? [] : [nic.driver]), link].join(', ')})`;
}
