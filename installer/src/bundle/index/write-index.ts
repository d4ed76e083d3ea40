import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { Fault } from '#engine/fault';
import type { BundleTarget } from '#ports/bundle';
import { contentsOf } from '../verify/contents.ts';
import { digestFiles } from '../verify/digest-files.ts';
import { clash, oddity } from './bundle-path.ts';
import { type IndexEntry, indexName, readIndex, signatureName } from './index-file.ts';

interface Indexed {
  readonly madeFor?: BundleTarget;
  readonly files: Iterable<IndexEntry>;
}

/** The text of an index: the same bytes for the same files, in whatever order they come. */
export function indexText({ madeFor, files }: Indexed): string {
  const entries = [...files]
    .map(({ path, sha256, size }) => ({ path, sha256, size }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
  const paths = entries.map(({ path }) => path);
  const odd = paths.find((path) => oddity(path) !== undefined);
  if (odd !== undefined) throw unfit(`${JSON.stringify(odd)}: ${oddity(odd)}`);
  const contradiction = clash(paths);
  if (contradiction !== undefined) throw unfit(contradiction);
  const { release, architecture, series } = madeFor ?? {};
  const target = { release, architecture, ...(series === undefined ? {} : { series }) };
  const index = { version: 1, ...(madeFor === undefined ? {} : { madeFor: target }), files: entries };
  return dump(index, { lineWidth: -1, flowLevel: 2 });
}

/** Reads everything that lies in a directory and writes its index. Links and devices are left out: `verify` tells them. */
export async function makeIndex(place: string, madeFor?: BundleTarget): Promise<void> {
  const { files, closed } = await contentsOf(place);
  for (const [folder, reason] of closed) throw unreadable(folder, place, reason);
  const paths = [...files].filter((path) => path !== indexName && path !== signatureName);
  await replaceIndex(place, { ...(madeFor === undefined ? {} : { madeFor }), files: await entriesOf(place, paths) });
}

/** Reads these files of a bundle again, whether they are new, changed or gone, and writes its index anew. */
export async function reindex(place: string, paths: readonly string[]): Promise<void> {
  const { index } = await readIndex(place);
  const { files } = await contentsOf(place);
  const kept = [...index.files.values()].filter(({ path }) => !paths.includes(path));
  const read = await entriesOf(
    place,
    paths.filter((path) => files.has(path)),
  );
  await replaceIndex(place, { ...index, files: [...kept, ...read] });
}

/** The old signature goes first: it is not of the new index, and would be taken for a forgery. */
async function replaceIndex(place: string, indexed: Indexed): Promise<void> {
  const text = indexText(indexed);
  await rm(join(place, signatureName), { force: true });
  const fresh = join(place, `.${indexName}.new`);
  await writeFile(fresh, text, { flush: true });
  await rename(fresh, join(place, indexName));
}

async function entriesOf(place: string, paths: readonly string[]): Promise<readonly IndexEntry[]> {
  const found = await Promise.all(
    paths.map(async (path) => ({ path, file: join(place, path), size: (await stat(join(place, path))).size })),
  );
  const digests = await digestFiles(found);
  return found.map(({ path, size }, at) => {
    const digest = digests[at];
    if (digest?.sha256 === undefined) throw unreadable(path, place, digest?.error);
    return { path, size, sha256: digest.sha256 };
  });
}

function unfit(cause: string): Fault {
  return new Fault({
    code: 'BUNDLE-UNREADABLE',
    message: 'these files cannot be the files of a bundle',
    cause,
    remedy: ['rename the file, with letters, digits and ._+~:- alone', 'remove what does not belong into the bundle'],
  });
}

function unreadable(path: string, place: string, cause: string | undefined): Fault {
  return new Fault({
    code: 'BUNDLE-UNREADABLE',
    message: `${path} cannot be read, so the bundle gets no index`,
    ...(cause === undefined ? {} : { cause }),
    where: [`bundle ${place}`],
    remedy: [`ls -l ${join(place, path)}  shows who may read it`],
  });
}
