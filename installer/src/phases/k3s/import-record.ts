import type { Site } from '#plan/plan';
import type { BundleImage } from '#ports/bundle';
import type { HostSight } from '#ports/host';
import type { Sight, Stage } from '#ports/world';
import { factsOf } from '../verbs/host-facts.ts';
import { archivesOf } from './k3s-site.ts';

/** Holds the boot in which an import began and has not been made safe yet. */
export const importingFile = '/var/lib/novasphere/images-importing';
/** Holds the digests of the archives whose images are safe on the disk. */
export const importedFile = '/var/lib/novasphere/images-imported';

/** Holds what every bundle so far has brought: a reference a line, with the digest that its proof tells. */
const broughtFile = '/var/lib/novasphere/images-brought';

/** A note of an earlier boot stays: what began in it is not safe, whatever is added now. */
export async function noteImporting(stage: Stage): Promise<void> {
  if ((await stage.host.read(importingFile)) === undefined) await noteImportingNow(stage);
}

/** The store is empty, and what is imported into it from now on is of this boot. */
export async function noteImportingNow({ host }: Stage): Promise<void> {
  await host.write(importingFile, `${await bootOf(host)}\n`);
}

export async function bootOf(host: HostSight): Promise<string> {
  return ((await host.read('/proc/sys/kernel/random/boot_id')) ?? '').trim();
}

/** What the record of a finished import says when it is about these archives. */
export async function recordFor(site: Site, sight: Sight): Promise<string> {
  const archives = archivesOf(site, await factsOf(sight));
  const files = await Promise.all(archives.map((path) => sight.bundle.file(path)));
  return files.map(({ sha256, path }) => `${sha256}  ${path}\n`).join('');
}

export type Brought = Pick<BundleImage, 'reference' | 'digest'>;

/** Adds the images of a bundle to those of the bundles before it: what an upgrade leaves running is known by that. */
export async function noteBrought({ host, bundle }: Stage): Promise<void> {
  const lines = (await bundle.images()).map(({ reference, digest }) => `${reference} ${digest ?? '-'}\n`);
  const known = ((await host.read(broughtFile)) ?? '').split(/(?<=\n)/).filter((line) => line.endsWith('\n'));
  await host.write(broughtFile, [...new Set([...known, ...lines])].sort().join(''));
}

/** Every image that a bundle has brought to this machine, as its proof told it. */
export async function broughtTo(host: HostSight): Promise<readonly Brought[]> {
  const lines = ((await host.read(broughtFile)) ?? '').split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const [reference = '', digest = '-'] = line.split(' ');
    return digest === '-' ? { reference } : { reference, digest };
  });
}
