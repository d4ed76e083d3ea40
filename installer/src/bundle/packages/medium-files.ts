import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Fault, reasons } from '#engine/fault';
import type { RunProgram } from '#ports/program';

/** The folders of a medium that tell what it brings. They are small; the system itself lies beside in one file each. */
const telling =
  /^(\.disk\/info|casper\/[^/]+\.manifest(\.full)?|dists\/[^/]+\/[^/]+\/binary-[^/]+\/Packages(\.gz|\.xz)?)$/;

/**
 * Hands over a directory with what a medium tells of itself, and takes it away again when it is a copy. `place` is an
 * ISO file, or a directory in which one is mounted. Fault MEDIUM-INVALID when it is neither.
 */
export async function withMediumFiles<Value>(
  place: string,
  run: RunProgram,
  use: (directory: string) => Promise<Value>,
): Promise<Value> {
  const facts = await stat(place).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    throw unreadable(place, code === 'ENOENT' ? ['there is no such file'] : reasons(error));
  });
  if (facts.isDirectory()) return use(place);
  const copy = await mkdtemp(join(tmpdir(), 'novasphere-medium-'));
  try {
    await extract(place, copy, run);
    return await use(copy);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

async function extract(iso: string, to: string, run: RunProgram): Promise<void> {
  const listing = await xorriso(iso, ['-find', '/', '-type', 'f'], run);
  // What is no ISO image counts as an empty one, with a warning.
  if (listing.trim() === '') throw unreadable(iso, []);
  const files = listing.split('\n').flatMap((line) => {
    const file = /^'\/(.*)'$/.exec(line)?.[1];
    return file !== undefined && telling.test(file) ? [file] : [];
  });
  for (const folder of new Set(files.map(dirname))) await mkdir(join(to, folder), { recursive: true });
  if (files.length === 0) return;
  await xorriso(iso, ['-osirrox', 'on', ...files.flatMap((file) => ['-extract', `/${file}`, join(to, file)])], run);
}

async function xorriso(iso: string, commands: readonly string[], run: RunProgram): Promise<string> {
  const answer = await run(['xorriso', '-no_rc', '-abort_on', 'FATAL', '-indev', `stdio:${iso}`, ...commands]);
  if (answer.exitCode === 0) return answer.stdout;
  const said = answer.stderr
    .split('\n')
    .filter((line) => /^(xorriso|libisofs|libburn) : (FAIL|FATAL|SORRY)/.test(line));
  throw unreadable(iso, said);
}

/** The Fault of a medium of which not even the files can be had. */
export function unreadable(place: string, because: readonly string[]): Fault {
  return new Fault({
    code: 'MEDIUM-INVALID',
    message: `${place} cannot be read as an installation medium`,
    cause: because[0] ?? 'it holds no file system of an ISO image',
    where: [`medium ${place}`],
    evidence: because.slice(1, 4),
    remedy: [
      `sha256sum ${place}          compare it with SHA256SUMS beside the download`,
      'or name the directory in which the medium is mounted',
    ],
  });
}
