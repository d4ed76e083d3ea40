import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Fault, reasons } from '#engine/fault';
import type { RunProgram } from '#ports/program';
import { unreadable, withMediumFiles } from './medium-files.ts';
import { type MediumInfo, readMediumInfo } from './medium-info.ts';
import { type InstalledPackage, withManifest } from './medium-manifest.ts';
import { readStanzas, type Stanza } from './stanzas.ts';

/** What a node has that was installed from a medium of Ubuntu Server, before anything of ours. */
export interface BaseMedium extends MediumInfo {
  readonly place: string;
  /** What the default installation has, by name. */
  readonly installed: ReadonlyMap<string, InstalledPackage>;
  /** What lies in the medium's pool. A node has it only as far as the medium's installer takes it from there. */
  readonly pool: readonly Stanza[];
}

/** The layers of the default installation, from below; `filesystem.manifest` is of the live system, not of a node. */
const layers = ['ubuntu-server-minimal', 'ubuntu-server-minimal.ubuntu-server'] as const;

/** Reads an ISO file, or a directory in which one is mounted. Fault MEDIUM-INVALID. */
export function readBaseMedium(place: string, program: RunProgram, signal?: AbortSignal): Promise<BaseMedium> {
  const run: RunProgram = (command) => program(command, signal === undefined ? {} : { signal });
  return withMediumFiles(place, run, async (directory) => {
    const about = readMediumInfo(await textOf(join(directory, '.disk/info')), place);
    const installed = await manifestOf(directory, place);
    return { place, ...about, installed, pool: await poolOf(directory, { place, ...about }, run) };
  });
}

async function manifestOf(directory: string, place: string): Promise<ReadonlyMap<string, InstalledPackage>> {
  const texts = await Promise.all(layers.map((layer) => textOf(join(directory, 'casper', `${layer}.manifest`))));
  const full = await textOf(join(directory, 'casper', `${layers[1]}.manifest.full`));
  const manifests = full === undefined ? texts.filter((text) => text !== undefined) : [full];
  const installed = manifests.reduce(withManifest, new Map<string, InstalledPackage>());
  if (installed.has('dpkg')) return installed;
  throw new Fault({
    code: 'MEDIUM-INVALID',
    message: `${place} does not say which packages it installs`,
    cause:
      manifests.length === 0
        ? `there is no casper/${layers[1]}.manifest`
        : `dpkg is not among the ${installed.size} that its manifests name`,
    where: [`medium ${place}`],
    remedy: [
      `ls ${place}/casper          when it is a directory: the mounted medium, not a copy of a part of it`,
      'take the ISO file as it was downloaded',
    ],
  });
}

async function poolOf(
  directory: string,
  about: MediumInfo & { readonly place: string },
  run: RunProgram,
): Promise<readonly Stanza[]> {
  const series = join(directory, 'dists', about.series);
  const stanzas: Stanza[] = [];
  for (const component of (await readdir(series).catch(() => [])).sort(byName)) {
    const index = join(series, component, `binary-${about.architecture}`, 'Packages');
    const text = await indexText(index, run).catch((error: unknown) => {
      if (error instanceof Fault) throw error;
      throw unreadable(about.place, [`dists/${about.series}/${component}: ${reasons(error)[0]}`]);
    });
    stanzas.push(...readStanzas(text));
  }
  return stanzas;
}

/** The index in whichever form the medium has it; empty when it has none. */
async function indexText(index: string, run: RunProgram): Promise<string> {
  const plain = await textOf(index);
  if (plain !== undefined) return plain;
  const zipped = await readFile(`${index}.gz`).catch(absent);
  if (zipped !== undefined) return gunzipSync(zipped).toString();
  const packed = await stat(`${index}.xz`).catch(absent);
  if (packed === undefined) return '';
  const { exitCode, stdout, stderr } = await run(['xz', '-dc', `${index}.xz`]);
  if (exitCode !== 0) throw new Error(stderr.trim());
  return stdout;
}

function byName(one: string, other: string): number {
  return one < other ? -1 : 1;
}

function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(absent);
}

function absent(error: unknown): undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
  return undefined;
}
