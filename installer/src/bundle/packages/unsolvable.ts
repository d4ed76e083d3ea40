import { Fault } from '#engine/fault';
import type { Archive } from './archive.ts';
import type { BaseMedium } from './base-medium.ts';
import type { Unmet } from './unmet.ts';

export interface NoWay {
  readonly medium: BaseMedium;
  readonly archive: Archive;
  readonly names: readonly string[];
  /** The reason that is furthest down first; empty when apt gave none that is understood. */
  readonly unmet: readonly Unmet[];
  /** apt's own last lines. */
  readonly said: readonly string[];
}

/** PACKAGES-UNSOLVABLE: which package, what it misses, and what to do. */
export function unsolvable({ medium, archive, names, unmet, said }: NoWay): Fault {
  const [first] = unmet;
  const { series, release } = medium;
  return new Fault({
    code: 'PACKAGES-UNSOLVABLE',
    message: messageOf(first, names, series),
    cause: first?.because === undefined ? undefined : reasonOf(first, archive, medium),
    where: [
      `archive ${archive.uri} ${archive.suites.join(' ')}, ${archive.components.join(' ')}`,
      `medium ${medium.place}`,
    ],
    evidence: said,
    remedy: remedyOf(first, archive, release),
  });
}

function messageOf(unmet: Unmet | undefined, names: readonly string[], series: string): string {
  if (unmet === undefined) return `apt finds no way to install ${names.join(', ')} on ${series}`;
  if (unmet.wish === undefined) return `there is no package ${unmet.package} for ${series}`;
  return `${unmet.package} cannot be installed on ${series}: it ${unmet.wish}`;
}

function reasonOf({ because = '', other = '' }: Unmet, { components }: Archive, { installed }: BaseMedium): string {
  if (because.includes('not installable')) return `nothing in ${components.join(' and ')} is or provides ${other}`;
  const version = /^(\S+) is (?:to be )?installed$/.exec(because)?.[1];
  if (version === undefined) return `${other} ${because.replace(/^it is/, 'is')}`;
  const brings = installed.get(other)?.version === version ? 'the medium installs' : 'the archive has';
  return `${brings} ${other} ${version}`;
}

function remedyOf(
  unmet: Unmet | undefined,
  { uri, components }: Archive,
  release: string,
): readonly [string, ...string[]] {
  const mirror = `novasphere bundle resolve --mirror ${uri}=http://MIRROR/ubuntu          when this archive lags behind`;
  const newer = `take a newer medium than ${release}, and the archive of the same series`;
  const absent = unmet?.wish === undefined || unmet.because?.includes('not installable') === true;
  if (absent && !components.includes('universe')) return ['add universe to the components of the archive', mirror];
  return [mirror, newer];
}
