import type { Lock } from '#catalog/lock';
import { Fault } from '#engine/fault';

/** What was looked up, and how much of it can be trusted to be upstream's. `file` undefined: only compared. */
export function resolvedScreen(before: Lock, lock: Lock, file: string | undefined): string {
  const { assets, images, packages } = lock;
  const published = assets.filter(({ trust }) => trust === 'published').length;
  const first = assets.filter(({ trust }) => trust === 'first-use');
  const debs = packages.map(
    ({ series, architecture, debs: all }) => `  ${all?.length ?? 'no'} packages of ${series} for ${architecture}`,
  );
  const fresh = first.filter(({ path, sha256 }) => before.assets.find((one) => one.path === path)?.sha256 !== sha256);
  return `${file === undefined ? 'upstream is what the lock says' : `written to ${file}`}
  ${assets.length} files: ${published} by checksums that upstream publishes, ${first.length} as they were given out the first time
  ${images.length} images by digest
${debs.join('\n')}${debs.length > 0 ? '\n' : ''}${fresh.length === 0 || file === undefined ? '' : `looked at for the first time, so look at them yourself before you sign:\n${fresh.map(({ path, url }) => `  ${path}  ${url}\n`).join('')}`}`;
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
