import type { Asset, Catalog } from '#catalog/catalog';
import { allComponents } from '#catalog/catalog';
import type { Lock, LockedAsset, LockedImage } from '#catalog/lock';
import { emptyLock, isForSame } from '#catalog/locked';
import { atOnce } from '#engine/at-once';
import { Fault } from '#engine/fault';
import { checksumIn } from './checksums.ts';

/** What upstream says of its files and images. Every method throws a Fault that names what it could not have. */
export interface Upstream {
  /** A small text: a list of checksums. */
  text(url: string): Promise<string>;
  /** Downloads a file and says what came. `sha256`: what it has to be. */
  file(about: { readonly name: string; readonly url: string; readonly sha256?: string }): Promise<Pinned>;
  image(reference: string): Promise<Pick<LockedImage, 'digest' | 'platforms'>>;
}

export interface Pinned {
  /** Hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

export interface Resolving {
  readonly catalog: Catalog;
  /** What was known before: kept, as long as it is about the same version of the same file. */
  readonly before: Lock;
  readonly upstream: Upstream;
  /** Paths and references that are looked up again although they are known. */
  readonly renew: ReadonlySet<string>;
  /** How many are looked up at once. Default: 4. */
  readonly atOnce?: number;
  /** Told after each look-up. */
  readonly told?: (name: string, how: 'published' | 'first-use' | 'image') => void;
}

export interface Resolved {
  readonly lock: Lock;
  /** What could not be looked up: those entries are as they were. */
  readonly failures: readonly Fault[];
}

/**
 * The lock of a catalog, with everything looked up that was not known. One that fails stops no other. Packages stay as
 * they were.
 */
export async function resolveLock(about: Resolving): Promise<Resolved> {
  const wanted = known(emptyLock(about.catalog), about.before);
  const listOf = checksumLists(about.catalog);
  const failures: Fault[] = [];
  const lookUp = async <Entry extends LockedAsset | LockedImage>(entry: Entry, task: () => Promise<Entry>) => {
    if (isKnown(entry, about)) return entry;
    return task().catch((error: unknown) => {
      if (!(error instanceof Fault) || error.code === 'RUN-INTERRUPTED') throw error;
      failures.push(error);
      return entry;
    });
  };
  const limit = about.atOnce ?? 4;
  const assets = await atOnce(limit, wanted.assets, (one) =>
    lookUp(one, () => assetLookedUp(one, listOf.get(one.path), about)),
  );
  const images = await atOnce(limit, wanted.images, (one) => lookUp(one, () => imageLookedUp(one, about)));
  return { lock: { assets, images, packages: wanted.packages }, failures };
}

/** What is asked for, with what was known of the very same. */
function known(wanted: Lock, before: Lock): Lock {
  const assets = new Map(before.assets.map((one) => [`${one.path} ${one.url} ${one.version}`, one]));
  const images = new Map(before.images.map((one) => [one.reference, one]));
  return {
    assets: wanted.assets.map((one) => ({ ...assets.get(`${one.path} ${one.url} ${one.version}`), ...one })),
    images: wanted.images.map((one) => ({ ...one, ...pinsOf(images.get(one.reference)) })),
    packages: [
      ...before.packages,
      ...wanted.packages.filter((set) => !before.packages.some((one) => isForSame(one, set))),
    ],
  };
}

function pinsOf(image: LockedImage | undefined): Partial<Pick<LockedImage, 'digest' | 'platforms'>> {
  if (image?.digest === undefined) return {};
  return { digest: image.digest, platforms: image.platforms };
}

function isKnown(entry: LockedAsset | LockedImage, { renew }: Resolving): boolean {
  if ('path' in entry) return entry.sha256 !== undefined && entry.size !== undefined && !renew.has(entry.path);
  return entry.digest !== undefined && !renew.has(entry.reference);
}

async function assetLookedUp(asset: LockedAsset, list: string | undefined, about: Resolving): Promise<LockedAsset> {
  const { upstream, told } = about;
  const published = list === undefined ? undefined : await publishedFor(asset, list, upstream);
  const { path: name, url } = asset;
  if (published !== undefined && published === asset.sha256 && asset.size !== undefined) {
    told?.(name, 'published');
    return { ...asset, trust: 'published' };
  }
  const pinned = await upstream.file({ name, url, ...(published === undefined ? {} : { sha256: published }) });
  const trust = published === undefined ? 'first-use' : 'published';
  told?.(name, trust);
  return { ...asset, ...pinned, trust };
}

async function imageLookedUp(image: LockedImage, { upstream, told }: Resolving): Promise<LockedImage> {
  const found = await upstream.image(image.reference);
  told?.(image.reference, 'image');
  return { ...image, ...found };
}

async function publishedFor({ path, url }: LockedAsset, list: string, upstream: Upstream): Promise<string> {
  const found = checksumIn(await upstream.text(list), url);
  if (found !== undefined) return found;
  throw new Fault({
    code: 'FETCH-FAILED',
    message: `upstream publishes no checksum of ${path}`,
    cause: `${list} does not name it`,
    where: [`asset ${path}`],
    remedy: [`curl -L ${list}          what it does name`, 'correct `checksums` in its component.yaml'],
  });
}

/** Where the checksum of each path is published. */
function checksumLists(catalog: Catalog): ReadonlyMap<string, string> {
  const assets: readonly Asset[] = allComponents(catalog).flatMap((component) => component.assets);
  return new Map(assets.flatMap(({ path, checksums }) => (checksums === undefined ? [] : [[path, checksums]])));
}
