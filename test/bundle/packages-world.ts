import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '#adapters/local-program';
import { AptRoot } from '#bundle/packages/apt-root';
import type { Archive } from '#bundle/packages/archive';
import { type BaseMedium, readBaseMedium } from '#bundle/packages/base-medium';
import { matches, type Relation, readClauses, writeClauses } from '#bundle/packages/relations';
import { readStanzas, type Stanza } from '#bundle/packages/stanzas';

/** Debian's archive in the place of Ubuntu's: its lists cross the network once and are served on loopback. */
export interface PackagesWorld {
  readonly directory: string;
  /** Under its own address, where its packages can be had. */
  readonly archive: Archive;
  /** Leads to the lists on loopback. */
  readonly mirroredUrl: (url: string) => string;
  readonly asked: readonly Asked[];
  /** `name<TAB>version` of each package of a small server. */
  readonly manifest: readonly string[];
  /** What the archive says of packages. */
  stanzas(names: readonly string[]): Promise<readonly Stanza[]>;
  close(): Promise<void>;
}

/** What the server on loopback was asked for. */
interface Asked {
  readonly url: string;
  readonly authorization?: string;
}

/** What a server has before anything of ours; with all that these need, as apt finds it. */
const server =
  'apt debconf e2fsprogs iproute2 keyutils kmod less libglib2.0-0 libpam-systemd openssh-server perl python3 rpcbind rsyslog sudo systemd-sysv systemd-timesyncd tzdata ucf udev util-linux wpasupplicant xz-utils';

export async function packagesWorld(): Promise<PackagesWorld> {
  const directory = await mkdtemp(join(tmpdir(), 'novasphere-packages-'));
  const archive = await machineArchive();
  const asked: Asked[] = [];
  const http = await served(archive, asked);
  const address = `http://127.0.0.1:${(http.address() as AddressInfo).port}/debian`;
  const root = await rootIn(join(directory, 'first'), archive, address);
  return {
    directory,
    archive,
    mirroredUrl: (url) => url.replace(archive.uri, address),
    asked,
    manifest: await installedWith(root),
    stanzas: async (names) => readStanzas((await root.run(['apt-cache', 'show', ...names])).stdout),
    async close() {
      http.closeAllConnections();
      http.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export async function downloaded(url: string): Promise<Buffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

/** A directory with what the medium of Ubuntu 24.04.3 tells of itself, but for packages of Debian. */
export async function makeMedium(directory: string, manifest: readonly string[]): Promise<string> {
  await mkdir(join(directory, '.disk'), { recursive: true });
  await mkdir(join(directory, 'casper'), { recursive: true });
  const info = 'Ubuntu-Server 24.04.3 LTS "Noble Numbat" - Release amd64 (20250805.1)\n';
  await writeFile(join(directory, '.disk/info'), info);
  const half = Math.floor(manifest.length / 2);
  const delta = (lines: readonly string[]) => `--- a\t1970\n+++ b\t1970\n${lines.map((line) => `+${line}\n`).join('')}`;
  const below = manifest.slice(0, half);
  await writeFile(join(directory, 'casper/ubuntu-server-minimal.manifest'), delta(below));
  const above = join(directory, 'casper/ubuntu-server-minimal.ubuntu-server.manifest');
  await writeFile(above, `${delta(manifest.slice(half))}+snap:core22\tlatest/stable\t1748\n`);
  return directory;
}

export async function mediumOf(directory: string, manifest: readonly string[]): Promise<BaseMedium> {
  return readBaseMedium(await makeMedium(directory, manifest), runProgram);
}

/** The needs of packages that nothing of what is there fulfils, neither a package nor what it provides. */
export function unmetNeeds(of: readonly Stanza[], there: readonly Stanza[], without?: string): readonly string[] {
  const offers = there
    .filter((stanza) => stanza['Package'] !== without)
    .flatMap(({ Package: name = '', Version: version = '', Provides }) => {
      const provided = readClauses(Provides).flat();
      return [{ name, package: name, version }, ...provided.map((one) => ({ ...one, package: name }))];
    });
  const isMet = (need: Relation) =>
    offers.some((offer) => offer.name === need.name.replace(/:any$/, '') && matches(need, offer));
  return of
    .flatMap((stanza) => [...readClauses(stanza['Depends']), ...readClauses(stanza['Pre-Depends'])])
    .filter((clause) => !clause.some(isMet))
    .map((clause) => writeClauses([clause]));
}

/** Debian as the machine's own sources name it, deb822 or one line each. */
async function machineArchive(): Promise<Archive> {
  const folder = '/etc/apt/sources.list.d';
  const files = [...(await readdir(folder).catch(() => [])).map((name) => join(folder, name)), '/etc/apt/sources.list'];
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '');
    for (const { URIs: uri = '', Suites: suites = '', 'Signed-By': keyring } of readStanzas(text))
      if (/\/debian\/?$/.test(uri)) return archiveOf(uri, suites.split(/\s+/)[0], keyring);
    const [, uri, suite] = /^deb (?:\[.*?\] )?(\S+\/debian\/?) (\S+) /m.exec(text) ?? [];
    if (uri !== undefined) return archiveOf(uri, suite);
  }
  throw new Error('this test takes packages from the mirror of Debian that apt knows, and apt knows none');
}

function archiveOf(uri: string, suite = '', keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'): Archive {
  return { uri: uri.replace(/\/$/, ''), suites: [suite], components: ['main'], keyring };
}

/** Hands on what the archive has, and keeps it: each file crosses the network once. */
async function served(archive: Archive, asked: Asked[]): Promise<Server> {
  const files = new Map<string, Promise<Buffer | undefined>>();
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { url = '', headers } = request;
    asked.push({ url, ...(headers.authorization === undefined ? {} : { authorization: headers.authorization }) });
    const got = files.get(url) ?? downloaded(url.replace('/debian', archive.uri)).catch(() => undefined);
    files.set(url, got);
    const file = await got;
    response.writeHead(file === undefined ? 404 : 200, { 'Content-Length': file?.length ?? 0 }).end(file);
  };
  const http = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return http;
}

async function rootIn(directory: string, archive: Archive, address: string): Promise<AptRoot> {
  await mkdir(directory);
  const about = { directory, architecture: 'amd64', archive, address: new URL(address) } as const;
  const root = await AptRoot.make({ ...about, run: runProgram, options: {} });
  await root.run(['apt-get', 'update']);
  return root;
}

/** What apt would install on an empty disk. */
async function installedWith(root: AptRoot): Promise<readonly string[]> {
  const { stdout, stderr } = await root.run(['apt-get', '-s', '-y', 'install', '?essential', ...server.split(' ')]);
  const lines = [...stdout.matchAll(/^Inst (\S+) \((\S+) /gm)].map(([, name, version]) => `${name}\t${version}`);
  if (lines.length === 0) throw new Error(stderr);
  return lines.sort();
}
