import { type Catalog, imageArchive } from '#catalog/catalog';
import type { Lock, LockedDeb } from '#catalog/lock';
import type { BundleTarget } from '#ports/bundle';
import type { BundleIndex } from '../index/index-file.ts';
import { debPath } from '../packages/package-index.ts';
import { type BomComponent, bomText } from './cyclonedx.ts';
import { assetsOf, debComponent, fileComponent } from './file-components.ts';
import { catalogImages, lockedImage } from './image-components.ts';

export const sbomName = 'sbom.cdx.json';
/** What tells of the bundle, and is not a part of what it brings. */
const about = [sbomName, 'proof.json', 'proof.html'];

export interface BillAbout {
  /** What the bundle holds, whether or not this document and the proof are among it already. */
  readonly index: BundleIndex;
  readonly lock: Lock;
  readonly catalog: Catalog;
}

/** The bill of materials of a bundle, as the text of a CycloneDX 1.6 document. */
export function bundleSbom({ index, lock, catalog }: BillAbout): string {
  const { madeFor } = index;
  const debs = new Map(debsFor(lock, madeFor).map((deb) => [debPath(deb), deb]));
  const assets = assetsOf(catalog);
  const files = [...index.files.values()].filter(({ path }) => !about.includes(path));
  const parts = files.map((file) => {
    const deb = debs.get(file.path);
    return deb === undefined
      ? fileComponent(file, assets.get(file.path))
      : debComponent(file, deb, madeFor?.series ?? '');
  });
  return bomText(wholeOf(madeFor), [...parts, ...images(madeFor, lock, catalog)]);
}

function wholeOf(madeFor: BundleTarget | undefined): BomComponent {
  const whole = { type: 'application', 'bom-ref': 'bundle', name: 'novasphere-bundle' } as const;
  if (madeFor === undefined) return whole;
  const { release, architecture, series } = madeFor;
  const properties = [
    { name: 'novasphere:architecture', value: architecture },
    ...(series === undefined ? [] : [{ name: 'novasphere:series', value: series }]),
  ];
  return { ...whole, version: release, properties };
}

function debsFor({ packages }: Lock, madeFor: BundleTarget | undefined): readonly LockedDeb[] {
  return packages
    .filter(({ series, architecture }) => series === madeFor?.series && architecture === madeFor?.architecture)
    .flatMap(({ debs = [] }) => debs);
}

function images(madeFor: BundleTarget | undefined, lock: Lock, catalog: Catalog): readonly BomComponent[] {
  if (madeFor === undefined) return [];
  const { architecture } = madeFor;
  const archive = imageArchive(architecture);
  return [
    ...lock.images.flatMap((image) => lockedImage(image, architecture, archive)),
    ...catalogImages(catalog, architecture),
  ];
}
