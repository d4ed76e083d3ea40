import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Asset, Catalog, Component } from '#catalog/catalog';
import { Fault } from '#engine/fault';
import type { Bundle } from '#ports/bundle';
import { pretendFile } from './pretend-file.ts';

/** What the simulated machine is told of a file that is placed on it. */
export interface RehearsedFile {
  readonly sha256: string;
  readonly size: number;
  readonly text?: string;
}

/** A bundle that holds real or small manifests, and pretends to hold binaries, packages and image archives. */
export interface RehearsedBundle extends Bundle {
  /** Whether the manifests are the real ones of upstream. */
  readonly isReal: boolean;
  /** The images in an archive, wherever it was placed: its name decides, and its digest where releases differ. */
  imagesOf(path: string, digest?: string): readonly string[];
  /** What lies at a `source` that this bundle has given. */
  sourceOf(source: string): RehearsedFile | undefined;
}

const checkout = resolve(import.meta.dirname, '../../../..');
const own = join(import.meta.dirname, 'manifests');

export interface RehearsedBundleOptions {
  /** Where the machine finds it. Default: `/rehearsed-bundle`. */
  readonly root?: string;
  /** Changes the text of a manifest, to make another release of it. */
  readonly rewrite?: (text: string, path: string) => string;
}

/** All reading is synchronous, so that no simulated time passes while a file is read. */
export function rehearsedBundle(
  catalog: Catalog,
  upstream: string | undefined,
  { root = '/rehearsed-bundle', rewrite = (text) => text }: RehearsedBundleOptions = {},
): RehearsedBundle {
  const isReal = upstream !== undefined && existsSync(upstream);
  const components = Object.values(catalog.components);
  const assets = new Map(components.flatMap((one) => one.assets.map((asset) => [asset.path, asset] as const)));
  const place = isReal ? `rehearsed from ${upstream}` : 'rehearsed from small manifests of our own';
  const shelf = { upstream: isReal ? upstream : undefined, catalog, rewrite };
  const read = remembered((path) => contentOf(path, assets.get(path), shelf));
  const demand = (path: string): RehearsedFile => {
    const file = read(path);
    if (file === undefined) throw missing(path, place);
    return file;
  };
  return {
    place,
    isReal,
    text: async (path) => demand(path).text ?? '',
    file: async (path) => {
      const { sha256, size } = demand(path);
      return { path, source: `${root}/${path}`, sha256, size };
    },
    verify: async () => [],
    imagesOf: (path, digest) =>
      imagesIn(components, path, (asset) => digest === undefined || read(asset.path)?.sha256 === digest),
    sourceOf: (source) => (source.startsWith(`${root}/`) ? read(source.slice(root.length + 1)) : undefined),
  };
}

function imagesIn(components: readonly Component[], path: string, isOf: (asset: Asset) => boolean): readonly string[] {
  const isIt = (asset: Asset) => isArchive(asset) && basename(path).endsWith(basename(asset.path)) && isOf(asset);
  return components.find((one) => one.assets.some(isIt))?.images.map(({ reference }) => reference) ?? [];
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

function isArchive({ path }: Asset): boolean {
  return path.startsWith('images/');
}

function remembered<Value>(work: (path: string) => Value): (path: string) => Value {
  const known = new Map<string, Value>();
  return (path) => {
    if (!known.has(path)) known.set(path, work(path));
    return known.get(path) as Value;
  };
}

function missing(path: string, place: string): Fault {
  return new Fault({
    code: 'BUNDLE-FILE-MISSING',
    message: `the bundle has no ${path}`,
    where: [`bundle ${place}`],
    remedy: ['use a bundle of this release', 'novasphere plan PROFILE --bundle DIR  shows what a bundle lacks'],
  });
}
