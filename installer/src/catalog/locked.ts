import {
  type Architecture,
  type Asset,
  allComponents,
  architectures,
  type Catalog,
  type Component,
} from './catalog.ts';
import type { Lock, LockedAsset, LockedImage } from './lock.ts';

/** Codename of Ubuntu 24.04, which this release is made for. */
export const usualSeries = 'noble';

/** A lock that names everything of a catalog and knows nothing of it yet. */
export function emptyLock(catalog: Catalog): Lock {
  const components = allComponents(catalog);
  return {
    assets: components.flatMap((component) =>
      component.assets.filter((asset) => !isOurs(asset)).map((asset) => assetOf(component, asset)),
    ),
    images: components
      .filter((component) => !bringsItsImages(component))
      .flatMap(({ name, licence, images }) =>
        images.map(({ reference }): LockedImage => ({ reference, component: name, licence, platforms: {} })),
      ),
    packages: architectures.map((architecture) => ({ series: usualSeries, architecture })),
  };
}

/** What is a part of this release itself is pinned by it, and needs no lock. */
export function isOurs({ url }: Pick<Asset, 'url'>): boolean {
  return url.startsWith('checkout:');
}

/** What packages are for; nothing has them without a series. */
interface PackageTarget {
  readonly series?: string;
  readonly architecture: Architecture;
}

/** Whether two sets of packages are for the same machines. */
export function isForSame(one: PackageTarget, other: PackageTarget): boolean {
  return one.series === other.series && one.architecture === other.architecture;
}

/** Whether the images of a component come in an archive of its own. */
export function bringsItsImages({ assets }: Component): boolean {
  return assets.some(({ path }) => path.startsWith('images/'));
}

function assetOf({ name, version, licence }: Component, asset: Asset): LockedAsset {
  const { path, url, architecture } = asset;
  const about = { path, component: name, version, licence, url };
  return architecture === undefined ? about : { ...about, architecture };
}
