import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LockedDeb, PackageSet } from '#catalog/lock';
import type { Answer } from '#ports/host';
import type { RunProgram } from '#ports/program';
import { AptRoot } from './apt-root.ts';
import { type Archive, ubuntuArchive } from './archive.ts';
import { archiveFault, keyringMissing } from './archive-faults.ts';
import type { BaseMedium } from './base-medium.ts';
import { installedStatus } from './installed-status.ts';
import { readStanzas } from './stanzas.ts';
import { isOpen, readUnmet, type Unmet } from './unmet.ts';
import { unsolvable } from './unsolvable.ts';

export interface Resolution {
  readonly medium: BaseMedium;
  /** The packages that a node needs. */
  readonly names: readonly string[];
  /** Default: Ubuntu's own. */
  readonly archive?: Archive;
  /** Where an address is really asked for. The lock keeps the archive's own. */
  readonly mirroredUrl?: (url: string) => string;
  readonly run: RunProgram;
  /** For apt: proxies. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Told what apt says while it downloads lists. */
  readonly line?: (text: string) => void;
}

/** As the installer asks on a node: what is there stays as it is, and what is merely recommended stays away. */
const install = ['apt-get', '-q', '-y', '--print-uris', '--no-upgrade', '--no-install-recommends', 'install'] as const;

/**
 * The packages, and what they depend on, beyond what the medium installs; in the order in which dpkg could unpack them.
 * What lies only in the medium's pool counts as absent: the medium is not there any more when a node needs it.
 * Faults: PACKAGES-UNSOLVABLE, FETCH-FAILED, FETCH-DENIED, KEY-INVALID.
 */
export async function closePackages(about: Resolution): Promise<PackageSet> {
  const { medium, archive = ubuntuArchive(about.medium) } = about;
  const { keyring } = archive;
  await access(keyring).catch((error: unknown) => {
    throw keyringMissing(keyring, error);
  });
  const directory = await mkdtemp(join(tmpdir(), 'novasphere-apt-'));
  try {
    const debs = await close({ ...about, archive }, directory);
    return { series: medium.series, architecture: medium.architecture, debs };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

type Settled = Resolution & { readonly archive: Archive };

async function close(about: Settled, directory: string): Promise<readonly LockedDeb[]> {
  const { medium, archive, names } = about;
  const address = new URL(about.mirroredUrl?.(archive.uri) ?? archive.uri);
  const { architecture, installed, pool } = medium;
  const root = await AptRoot.make({
    directory,
    architecture,
    archive,
    address,
    run: about.run,
    options: optionsOf(about),
  });
  const asked = plainAddress(address);
  const fault = archiveFault(await root.run(['apt-get', '-q', 'update']), { archive, address: asked });
  if (fault !== undefined) throw fault;
  const known = await root.run(['apt-cache', 'show', ...installed.keys()]);
  await root.installed(installedStatus(installed, [...readStanzas(known.stdout), ...pool], architecture));
  const answer = await root.run([...install, ...names]);
  if (answer.exitCode !== 0) throw unsolvable({ medium, archive, names, ...(await reasons(root, answer)) });
  const own = plainAddress(new URL(archive.uri));
  return readUris(answer.stdout).map((deb) => ({ ...deb, url: deb.url.replace(asked, own) }));
}

function optionsOf({ env, signal, line }: Resolution) {
  return {
    ...(env === undefined ? {} : { env }),
    ...(signal === undefined ? {} : { signal }),
    ...(line === undefined ? {} : { line }),
  };
}

/** Address without user and password, and without a slash at its end. */
export function plainAddress({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname.replace(/\/+$/, '')}`;
}

/** Follows a need that apt does not explain to the package below it, and asks for that one alone. */
async function reasons(root: AptRoot, first: Answer): Promise<{ unmet: readonly Unmet[]; said: readonly string[] }> {
  const asked = new Set<string>();
  let answer = first;
  for (;;) {
    const unmet = readUnmet(`${answer.stdout}\n${answer.stderr}`);
    const [top] = unmet;
    if (top?.other === undefined || !isOpen(top) || asked.has(top.other)) return { unmet, said: complaints(answer) };
    asked.add(top.other);
    const below = await root.run([...install, top.other]);
    if (below.exitCode === 0) return { unmet, said: complaints(answer) };
    answer = below;
  }
}

function complaints({ stdout, stderr }: Answer): readonly string[] {
  const [, unmet = ''] = stdout.split('The following packages have unmet dependencies:\n');
  return [...unmet.split('\n'), ...stderr.split('\n').filter((line) => line.startsWith('E: '))]
    .filter((line) => line.trim() !== '')
    .slice(0, 6);
}

/** Lines such as `'http://…/chrony_4.5-1_amd64.deb' chrony_4.5-1_amd64.deb 300000 SHA256:…`. */
export function readUris(text: string): readonly LockedDeb[] {
  return text.split('\n').flatMap((line) => {
    const [, url = '', name = '', version = '', size, sha256] =
      /^'([^']+)' ([^_ ]+)_([^_ ]+)_[^_ ]+\.deb (\d+) SHA256:([0-9a-f]{64})$/.exec(line.trim()) ?? [];
    if (sha256 === undefined) return [];
    return [{ package: name, version: decodeURIComponent(version), url, sha256, size: Number(size) }];
  });
}
