import { type Asset, allComponents, type Catalog, type Component } from '#catalog/catalog';
import type { LockedDeb } from '#catalog/lock';
import type { IndexEntry } from '../index/index-file.ts';
import type { BomComponent } from './cyclonedx.ts';
import { downloadUrl, packageUrlText } from './package-url.ts';

interface Owned {
  readonly component: Component;
  readonly asset: Asset;
}

/** Every file that the catalog names, by its path inside the bundle. */
export function assetsOf(catalog: Catalog): ReadonlyMap<string, Owned> {
  return new Map(
    allComponents(catalog).flatMap((component) =>
      component.assets.map((asset) => [asset.path, { component, asset }] as const),
    ),
  );
}

/** A file of the bundle; one that nobody owns was made with the bundle (a list, an index, the archive of images). */
export function fileComponent({ path, sha256 }: IndexEntry, owned: Owned | undefined): BomComponent {
  const file = {
    type: path.startsWith('bin/') ? 'application' : 'file',
    'bom-ref': `file:${path}`,
    name: path,
    hashes: [{ alg: 'SHA-256', content: sha256 }],
  } as const;
  if (owned === undefined) return file;
  const { name, version, licence } = owned.component;
  return {
    ...file,
    version,
    licenses: [{ expression: licence }],
    purl: packageUrlText(downloadUrl({ url: owned.asset.url, sha256, name, version })),
    properties: [{ name: 'novasphere:component', value: name }],
  };
}

/** A Debian package; its licences are told by the file `copyright` inside it, and by nothing that an archive lists. */
export function debComponent({ path, sha256 }: IndexEntry, deb: LockedDeb, series: string): BomComponent {
  const architecture = /_([a-z0-9]+)\.deb$/.exec(path)?.[1];
  return {
    type: 'library',
    'bom-ref': `file:${path}`,
    name: deb.package,
    version: deb.version,
    hashes: [{ alg: 'SHA-256', content: sha256 }],
    purl: packageUrlText({
      type: 'deb',
      namespace: 'ubuntu',
      name: deb.package,
      version: deb.version,
      qualifiers: { arch: architecture, distro: series },
    }),
    properties: [{ name: 'novasphere:path', value: path }],
  };
}
