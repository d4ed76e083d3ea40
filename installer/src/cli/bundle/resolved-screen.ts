import type { Lock, LockedAsset } from '#catalog/lock';
import { bytes } from '#engine/disk-full';
import { Fault } from '#engine/fault';

/** What was looked up, and how much of it can be trusted to be upstream's. `file` undefined: only compared. */
export function resolvedScreen(before: Lock, { assets, images, packages }: Lock, file: string | undefined): string {
  const first = assets.filter(({ trust }) => trust === 'first-use');
  const known = new Map(before.assets.map(({ path, sha256 }) => [path, sha256]));
  const fresh = first.filter(({ path, sha256 }) => known.get(path) !== sha256);
  const isNew = file !== undefined && fresh.length > 0;
  const lines = [
    file === undefined ? 'upstream is what the lock says' : `written to ${file}`,
    `  ${assets.length} files: ${assets.length - first.length} by checksums that upstream publishes, ${first.length} as they were given out the first time`,
    `  ${images.length} images by digest`,
    ...packages.map(
      ({ series, architecture, debs }) =>
        `  ${debs === undefined ? 'packages not looked up yet' : `${debs.length} packages`} of ${series} for ${architecture}`,
    ),
    ...(isNew ? ['first-use now; look at them before you sign a bundle:', ...fresh.map(row)] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function row({ path, sha256 = '', size = 0 }: LockedAsset): string {
  return `  ${sha256.slice(0, 12)}  ${bytes(size).padStart(10)}  ${path}`;
}

/** One screen for all look-ups that failed: the first whole, the others by name. */
export function failuresFault(failures: readonly [Fault, ...Fault[]] | readonly Fault[]): Fault {
  const [first, ...others] = failures;
  if (first === undefined) throw new Error('no failure to tell of');
  if (others.length === 0) return first;
  const { code, message, cause, where, evidence, remedy } = first;
  return new Fault({
    code,
    message: `${message}; and ${others.length} more could not be looked up`,
    ...(cause === undefined ? {} : { cause }),
    where,
    evidence: [...evidence, ...others.slice(0, 8).map((one) => `also: ${one.message}`)],
    remedy: [remedy[0], ...remedy.slice(1), 'the same command again goes on: what was looked up is written down'],
  });
}
