import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { allComponents, type Catalog } from '#catalog/catalog';
import type { Lock } from '#catalog/lock';
import { isOurs } from '#catalog/locked';
import { Fault } from '#engine/fault';
import type { BundleTarget } from '#ports/bundle';
import type { RunProgram } from '#ports/program';
import { imageList } from '../images/image-archive.ts';
import {
  type BundleIndex,
  type IndexEntry,
  indexName,
  parseIndex,
  readIndex,
  signatureName,
} from '../index/index-file.ts';
import { indexText } from '../index/write-index.ts';
import { packageIndex } from '../packages/package-index.ts';
import { proofPagePath, proofPath } from '../proof/proof-file.ts';
import { bundleSbom, sbomName } from '../sbom/bundle-sbom.ts';
import { readSignature } from '../signature/read-signature.ts';
import type { BlobStore } from '../store/blob-store.ts';
import { writeFault } from '../store/store-fault.ts';
import { type Archived, imagesArchived } from './images-archived.ts';
import { begin, finished, placeFiles, type Source, sourceOf, writeText } from './place-files.ts';
import type { Wanted } from './wanted.ts';

export interface Assembly {
  /** Absolute. */
  readonly place: string;
  readonly madeFor: BundleTarget;
  readonly catalog: Catalog;
  readonly lock: Lock;
  /** Everything of it is in the store. */
  readonly wanted: Wanted;
  readonly store: BlobStore;
  /** Where the files lie that are a part of this release. */
  readonly release: string;
  readonly run: RunProgram;
  /** Told before what takes long. */
  readonly tell: (text: string) => void;
}

export interface Assembled {
  readonly files: number;
  /** Bytes of everything. */
  readonly size: number;
  /** Bytes of the images one by one, and of the archive's blobs; undefined when the archive was there already. */
  readonly dedup?: NonNullable<Archived['dedup']>;
}

/**
 * Lays out a bundle from what is in the store. What is there already, and right, is left. Fault HOST-DISK-FULL or
 * HOST-FILE when the directory cannot take it; then it is no bundle, and the next call goes on with it.
 */
export async function assemble(about: Assembly): Promise<Assembled> {
  try {
    return await laidOut(about);
  } catch (error) {
    if (error instanceof Fault || (error as NodeJS.ErrnoException).syscall === undefined) throw error;
    const { place, wanted } = about;
    const needed = [...wanted.files, ...wanted.images].reduce((sum, { size }) => sum + size, 0);
    throw await writeFault(error, { name: `the bundle ${place}`, path: place, needed });
  }
}

async function laidOut(about: Assembly): Promise<Assembled> {
  const { place, tell } = about;
  const former = await formerAt(place);
  await begin(place, former !== undefined);
  for (const name of [indexName, signatureName]) await rm(join(place, name), { force: true });
  const sources = [...downloads(about), ...(await ours(about))];
  tell(`placing ${sources.length} files`);
  await placeFiles(place, sources);
  const { entry, dedup } = await imagesArchived(about);
  const made = await generated(about, sources);
  const files = await withSbom(about, [...sources, entry, ...made]);
  await indexed(about, files, former);
  const size = files.reduce((sum, file) => sum + file.size, 0);
  return { files: files.length, size, ...(dedup === undefined ? {} : { dedup }) };
}

interface Former {
  readonly index: BundleIndex;
  readonly bytes: Buffer;
  readonly signature: Uint8Array | undefined;
}

async function formerAt(place: string): Promise<Former | undefined> {
  const read = await readIndex(place).catch(() => undefined);
  return read === undefined ? undefined : { ...read, signature: await readSignature(place) };
}

/** The same files keep the index that there was, with its proof and its signature; others get a new one. */
async function indexed({ place, madeFor }: Assembly, files: readonly IndexEntry[], former: Former | undefined) {
  const text = indexText({ madeFor, files });
  if (former !== undefined && text === textWithoutProof(former)) {
    await finished(place);
    await writeText(place, indexName, former.bytes.toString());
    if (former.signature !== undefined) await writeText(place, signatureName, Buffer.from(former.signature).toString());
    return;
  }
  for (const path of former?.index.files.keys() ?? [])
    if (!files.some((file) => file.path === path)) await rm(join(place, path), { force: true });
  await finished(place);
  await writeText(place, indexName, text);
}

function textWithoutProof({ index: { madeFor, files } }: Former): string {
  const others = [...files.values()].filter(({ path }) => path !== proofPath && path !== proofPagePath);
  return indexText({ ...(madeFor === undefined ? {} : { madeFor }), files: others });
}

function downloads({ wanted, store }: Assembly): readonly Source[] {
  return wanted.files.map(({ path, sha256, size }) => ({
    path,
    sha256,
    size,
    source: store.pathOf(sha256),
    isCached: true,
  }));
}

/** What is a part of this release itself. */
async function ours({ catalog, release }: Assembly): Promise<readonly Source[]> {
  const assets = allComponents(catalog).flatMap((component) => component.assets);
  return Promise.all(
    assets.filter(isOurs).map(({ path, url }) => sourceOf(path, join(release, url.slice('checkout:'.length)))),
  );
}

/** What is made from the rest: the list of images, and the index of the packages. */
async function generated(about: Assembly, sources: readonly Source[]): Promise<readonly IndexEntry[]> {
  const { place, madeFor, wanted, run } = about;
  const list = await writeText(place, `images/novasphere-${madeFor.architecture}.txt`, imageList(wanted.images));
  const debs = sources.filter(({ path }) => path.startsWith('debs/'));
  if (debs.length === 0) return [list];
  const text = await packageIndex(
    debs.map(({ path }) => ({ path, file: join(place, path) })),
    run,
  );
  return [list, await writeText(place, 'debs/Packages', text)];
}

async function withSbom(about: Assembly, files: readonly IndexEntry[]): Promise<readonly IndexEntry[]> {
  const { place, madeFor, lock, catalog } = about;
  const index = parseIndex(Buffer.from(indexText({ madeFor, files })), place);
  return [...files, await writeText(place, sbomName, bundleSbom({ index, lock, catalog }))];
}
