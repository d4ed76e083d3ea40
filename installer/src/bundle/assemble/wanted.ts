import type { Architecture } from '#catalog/catalog';
import type { Lock, LockedAsset, LockedDeb, LockedImage, PackageSet } from '#catalog/lock';
import { lockPath } from '#catalog/lock-file';
import { isForSame } from '#catalog/locked';
import { Fault } from '#engine/fault';
import { shortened } from '#engine/shortened';
import { debPath } from '../packages/package-index.ts';

/** What is downloaded for one bundle. Everything of it is resolved. */
export interface Wanted {
  readonly files: readonly WantedFile[];
  readonly images: readonly WantedImage[];
}

export interface WantedFile {
  /** In the bundle: `bin/k3s`, `debs/chrony_4.5-1_amd64.deb`. */
  readonly path: string;
  readonly url: string;
  readonly sha256: string;
  readonly size: number;
}

export interface WantedImage {
  readonly reference: string;
  /** `sha256:…` of the manifest for the architecture. */
  readonly digest: string;
  readonly size: number;
}

export interface BundleWish {
  readonly architecture: Architecture;
  /** Codename of the Ubuntu release that the packages are for; undefined for a bundle without packages. */
  readonly series?: string;
}

/** What a bundle is made of. Fault LOCK-UNRESOLVED names what nobody has looked up yet. */
export function wantedFor(lock: Lock, wish: BundleWish): Wanted {
  const assets = lock.assets.filter(
    ({ architecture }) => architecture === undefined || architecture === wish.architecture,
  );
  const set = packageSetFor(lock, wish);
  refuseUnresolved({ assets, images: lock.images, packages: set === undefined ? [] : [set] });
  return {
    files: [...assets.map(fileOf), ...(set?.debs ?? []).map(debOf)],
    images: lock.images.map((image) => imageOf(image, wish.architecture)),
  };
}

function refuseUnresolved({ assets, images, packages }: Lock): void {
  const gaps = [
    ...assets.filter(({ sha256, size }) => sha256 === undefined || size === undefined).map(({ path }) => path),
    ...images.filter(({ digest }) => digest === undefined).map(({ reference }) => reference),
    ...packages
      .filter(({ debs }) => debs === undefined)
      .map(({ series, architecture }) => `the packages of ${series} for ${architecture}`),
  ];
  if (gaps.length > 0) throw unresolvedFault(gaps);
}

function packageSetFor({ packages }: Lock, { architecture, series }: BundleWish): PackageSet | undefined {
  if (series === undefined) return undefined;
  const found = packages.find((set) => isForSame(set, { series, architecture }));
  if (found !== undefined) return found;
  const sets = packages.map((set) => `${set.series} for ${set.architecture}`);
  throw new Fault({
    code: 'LOCK-UNRESOLVED',
    message: `the lock knows no packages of ${series} for ${architecture}`,
    cause: sets.length === 0 ? 'no packages have been looked up at all' : `it knows those of ${sets.join(', ')}`,
    where: [`file ${lockPath}`],
    remedy: [
      'novasphere bundle resolve --base ubuntu-live-server.iso          looks up what that medium lacks',
      'novasphere bundle fetch DIR --without-packages          where the nodes have their packages already',
    ],
  });
}

function unresolvedFault(names: readonly string[]): Fault {
  return new Fault({
    code: 'LOCK-UNRESOLVED',
    message: `the lock does not say yet what ${names.length === 1 ? '1 entry is' : `${names.length} entries are`}`,
    where: [`file ${lockPath}`],
    evidence: shortened(names, 5),
    remedy: ['novasphere bundle resolve          looks them up, on a machine with the internet'],
  });
}

function fileOf({ path, url, sha256 = '', size = 0 }: LockedAsset): WantedFile {
  return { path, url, sha256, size };
}

function debOf(deb: LockedDeb): WantedFile {
  const { url, sha256, size } = deb;
  return { path: debPath(deb), url, sha256, size };
}

function imageOf({ reference, platforms }: LockedImage, architecture: Architecture): WantedImage {
  const manifest = platforms[architecture];
  if (manifest !== undefined) return { reference, ...manifest };
  throw new Fault({
    code: 'LOCK-UNRESOLVED',
    message: `${reference} is not published for ${architecture}`,
    where: [`file ${lockPath}`],
    remedy: [`novasphere bundle resolve --renew ${reference}          looks it up again`],
  });
}
