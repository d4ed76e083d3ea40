import type { Catalog, ComponentName } from './catalog.ts';

/** One archive of container images, as the bundle holds it and k3s imports it. */
export interface ImageArchive {
  readonly component: ComponentName;
  /** `images/longhorn-amd64.tar.zst` */
  readonly path: string;
  readonly images: readonly string[];
}

/** The image archives of the bundle: one for every component that has images. */
export function imageArchives(catalog: Catalog, architecture: 'amd64' | 'arm64' = 'amd64'): readonly ImageArchive[] {
  return Object.values(catalog.components)
    .filter(({ images }) => images.length > 0)
    .map(({ name, images }) => ({
      component: name,
      path: `images/${name}-${architecture}.tar.zst`,
      images: images.map(({ reference }) => reference),
    }));
}
