import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Architecture, type Asset, allComponents, type Catalog, releaseOf } from '#catalog/catalog';
import { Fault } from '#engine/fault';
import type { Bundle, BundleFile, BundleSignature } from '#ports/bundle';
import type { HeldImage } from '../host/k3s-images.ts';
import { pretendFile } from './pretend-file.ts';
import { isArchive, pretendedImages } from './rehearsed-images.ts';

/** What the simulated machine is told of a file that is placed on it. */
export interface RehearsedFile {
  readonly sha256: string;
  readonly size: number;
  readonly text?: string;
}

/** What everybody trusts in a rehearsal. */
export const trustedSeal: BundleSignature = { kind: 'trusted', keyId: 'REHEARSED', comment: 'of a rehearsal' };

/** A bundle that holds real or small manifests, and pretends to hold binaries, packages and image archives. */
export interface RehearsedBundle extends Bundle {
  /** Where its files come from, in words. */
  readonly about: string;
  /** Who has signed it. A mishap may change that. */
  seal: BundleSignature;
  /** The images in an archive, wherever it was placed: its name decides, and its digest where releases differ. */
  imagesOf(path: string, digest?: string): readonly HeldImage[];
  /** What lies at a `source` that this bundle has given. */
  sourceOf(source: string): RehearsedFile | undefined;
}

const checkout = resolve(import.meta.dirname, '../../../..');
const own = join(import.meta.dirname, 'manifests');

export interface RehearsedBundleOptions {
  /** Where the machine finds it. Default: `/rehearsed-bundle`. */
  readonly root?: string;
  /** Of the machine that it is made for. Default: amd64. */
  readonly architecture?: Architecture;
  /** Changes the text of a manifest, to make another release of it. */
  readonly rewrite?: (text: string, path: string) => string;
}

/** All reading is synchronous, so that no simulated time passes while a file is read. */
export function rehearsedBundle(
  catalog: Catalog,
  upstream: string | undefined,
  { root = '/rehearsed-bundle', architecture = 'amd64', rewrite = (text) => text }: RehearsedBundleOptions = {},
): RehearsedBundle {
  const real = upstream !== undefined && existsSync(upstream) ? upstream : undefined;
  const place = real === undefined ? 'rehearsed from small manifests of our own' : `rehearsed from ${real}`;
  const read = reading({ upstream: real, catalog, rewrite });
  const images = pretendedImages(catalog, architecture);
  const demand = (path: string): RehearsedFile => {
    const file = read(path);
    if (file === undefined) throw missing(path, place);
    return file;
  };
  const bundle: RehearsedBundle = {
    place,
    about: place,
    seal: trustedSeal,
    madeFor: { release: releaseOf(catalog), architecture },
    text: async (path) => demand(path).text ?? '',
    file: async (path) => fileOf(path, `${root}/${path}`, demand(path)),
    verify: async () => [],
    signature: async () => bundle.seal,
    images: async () => images,
    imagesOf: (path, digest) => images.filter(({ archive }) => isIn(path, digest, archive, read(archive))),
    sourceOf: (source) => (source.startsWith(`${root}/`) ? read(source.slice(root.length + 1)) : undefined),
  };
  return bundle;
}

function fileOf(path: string, source: string, { sha256, size }: RehearsedFile): BundleFile {
  return { path, source, sha256, size };
}

/** Whether a file on a machine is this archive of the bundle; where its digest is not told, its name decides. */
function isIn(path: string, digest: string | undefined, archive: string, file: RehearsedFile | undefined): boolean {
  return isArchive(path, archive) && (digest === undefined || file?.sha256 === digest);
}

function reading(shelf: Shelf): (path: string) => RehearsedFile | undefined {
  const assets = new Map(allComponents(shelf.catalog).flatMap((one) => one.assets.map((asset) => [asset.path, asset])));
  return remembered((path) => contentOf(path, assets.get(path), shelf));
}

interface Shelf extends Required<Pick<RehearsedBundleOptions, 'rewrite'>> {
  readonly upstream: string | undefined;
  readonly catalog: Catalog;
}

function contentOf(path: string, asset: Asset | undefined, shelf: Shelf): RehearsedFile | undefined {
  const { upstream, catalog, rewrite } = shelf;
  if (!/\.ya?ml$/.test(path)) return pretendFile(path, asset, catalog);
  if (asset === undefined) return undefined;
  const place = manifestPlaces(asset, upstream).find((one) => existsSync(one));
  return place === undefined ? undefined : described(rewrite(readFileSync(place, 'utf8'), path));
}

/** Where a manifest may lie: in the checkout when it is our own, beside the checkout, or among the small ones. */
function manifestPlaces({ path, url }: Asset, upstream: string | undefined): readonly string[] {
  const [, component = '', name = ''] = path.split('/');
  const small = join(own, component, name);
  if (url.startsWith('checkout:')) return [join(checkout, path), small];
  if (upstream === undefined) return [small];
  return upstreamFolders(component).map((folder) => join(upstream, folder, name));
}

function upstreamFolders(component: string): readonly string[] {
  const deploy = 'snapshotter/deploy/kubernetes/snapshot-controller';
  return component === 'snapshotter' ? ['snapshotter/client/config/crd', deploy] : [component];
}

function described(text: string): RehearsedFile {
  return { sha256: createHash('sha256').update(text).digest('hex'), size: Buffer.byteLength(text), text };
}

function remembered<Value>(work: (path: string) => Value): (path: string) => Value {
  const known = new Map<string, Value>();
  return (path) => {
    if (!known.has(path)) known.set(path, work(path));
    return known.get(path) as Value;
  };
}

export function missing(path: string, place: string): Fault {
  return new Fault({
    code: 'BUNDLE-FILE-MISSING',
    message: `the bundle has no ${path}`,
    where: [`bundle ${place}`],
    remedy: ['use a bundle of this release', 'novasphere plan PROFILE --bundle DIR  shows what a bundle lacks'],
  });
}
