import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path/posix';
import { pipeline } from 'node:stream/promises';
import type { LockedDeb } from '#catalog/lock';
import { Fault } from '#engine/fault';
import type { RunProgram } from '#ports/program';
import { readStanzas, type Stanza, writeStanza } from './stanzas.ts';
import { compareVersions } from './version-order.ts';

/** A package of the bundle. */
export interface DebFile {
  /** In the bundle: `debs/chrony_4.5-1ubuntu4.2_amd64.deb`. */
  readonly path: string;
  /** The file that is, or will be, there. */
  readonly file: string;
}

/** Where a package lies in the bundle: under the name that the archive gives it. */
export function debPath({ url }: Pick<LockedDeb, 'url'>): string {
  return `debs/${decodeURIComponent(basename(new URL(url).pathname)).replace(/[^A-Za-z0-9._+~-]/g, '-')}`;
}

/**
 * The text of `debs/Packages`: what apt needs to install the packages without a network and in the right order. Sorted,
 * the same bytes for the same packages. Fault BUNDLE-INVALID names the file that is no Debian package.
 */
export async function packageIndex(debs: readonly DebFile[], run: RunProgram): Promise<string> {
  const stanzas: Stanza[] = [];
  for (const deb of debs) stanzas.push(await stanzaOf(deb, run));
  return stanzas.toSorted(inOrder).map(writeStanza).join('');
}

async function stanzaOf({ path, file }: DebFile, run: RunProgram): Promise<Stanza> {
  const { exitCode, stdout, stderr } = await run(['dpkg-deb', '--field', file]);
  const [control] = readStanzas(stdout);
  if (exitCode !== 0 || control?.['Package'] === undefined) throw notAPackage(path, stderr);
  const { sha256, size } = await digest(file);
  return { ...control, Filename: `./${basename(path)}`, Size: `${size}`, SHA256: sha256 };
}

async function digest(file: string): Promise<{ readonly sha256: string; readonly size: number }> {
  const hash = createHash('sha256');
  const stream = createReadStream(file);
  await pipeline(stream, hash);
  return { sha256: hash.digest('hex'), size: stream.bytesRead };
}

function inOrder(one: Stanza, other: Stanza): number {
  const [a = '', b = ''] = [one['Package'], other['Package']];
  return a < b ? -1 : a > b ? 1 : compareVersions(one['Version'] ?? '', other['Version'] ?? '');
}

function notAPackage(path: string, said: string): Fault {
  const evidence = said.split('\n').filter((line) => line !== '');
  return new Fault({
    code: 'BUNDLE-INVALID',
    message: `${path} is no Debian package`,
    where: [`file ${path}`],
    evidence: evidence.slice(0, 3),
    remedy: ['novasphere bundle fetch          downloads what is not as the lock says'],
  });
}
