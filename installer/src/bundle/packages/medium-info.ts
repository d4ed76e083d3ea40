import { type Architecture, architectures } from '#catalog/catalog';
import { Fault } from '#engine/fault';

/** What `.disk/info` of an Ubuntu Server live medium says of it. */
export interface MediumInfo {
  /** `24.04.3` */
  readonly release: string;
  /** Codename: `noble`. */
  readonly series: string;
  readonly architecture: Architecture;
}

/**
 * The oldest point release of each series that is taken: older ones are refused by the Secure Boot of current machines,
 * cannot choose a disk from a list and give up an installation without a network.
 */
const oldestPoint: Readonly<Record<string, number>> = { '22.04': 5, '24.04': 1 };
const firstOpen = 26;

/** Reads `Ubuntu-Server 24.04.3 LTS "Noble Numbat" - Release amd64 (20250805.1)`. Fault MEDIUM-INVALID. */
export function readMediumInfo(text: string | undefined, place: string): MediumInfo {
  const line = text?.trim() ?? 'there is none';
  const [, release = '', lts, codename = '', architecture = ''] =
    /^Ubuntu-Server (\d+\.\d+(?:\.\d+)?)( LTS)? "(\w+)[^"]*" - .*?(\w+) \([^)]*\)$/.exec(line) ?? [];
  if (release === '') throw refused(place, 'is not the live medium of Ubuntu Server', line);
  if (!architectures.some((known) => known === architecture))
    throw refused(place, `is for ${architecture}, and a node is an ${architectures.join(' or ')}`, line);
  if (lts === undefined) throw refused(place, `is Ubuntu Server ${release}, which is no long-term release`, line);
  if (isTooOld(release)) throw refused(place, `is Ubuntu Server ${release}, which is too old`, line);
  return { release, series: codename.toLowerCase(), architecture: architecture as Architecture };
}

function isTooOld(release: string): boolean {
  const [year = '', month = '', point = '0'] = release.split('.');
  const oldest = oldestPoint[`${year}.${month}`];
  return oldest === undefined ? Number(year) < firstOpen : Number(point) < oldest;
}

function refused(place: string, what: string, found: string): Fault {
  return new Fault({
    code: 'MEDIUM-INVALID',
    message: `${place} ${what}`,
    where: [`medium ${place}`],
    evidence: [`.disk/info: ${found}`],
    remedy: [
      'take ubuntu-VERSION-live-server-ARCHITECTURE.iso of 22.04.5, of 24.04.1 or newer, or of 26.04',
      'https://releases.ubuntu.com          for amd64; https://cdimage.ubuntu.com/releases for arm64',
    ],
  });
}
