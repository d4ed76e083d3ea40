import { type Architecture, allComponents, type Catalog } from '#catalog/catalog';
import type { LockedImage } from '#catalog/lock';
import { bringsItsImages } from '#catalog/locked';
import type { BomComponent } from './cyclonedx.ts';
import { imageUrl, namedBy, packageUrlText } from './package-url.ts';

interface ImageAbout {
  readonly reference: string;
  readonly component: string;
  readonly licence: string;
  readonly architecture: Architecture;
  /** Path inside the bundle. */
  readonly archive: string;
  /** `sha256:…`; absent where only the archive of the component tells. */
  readonly digest?: string;
}

/** An image in the archive of all images; none for an architecture that it is not published for. */
export function lockedImage(image: LockedImage, architecture: Architecture, archive: string): readonly BomComponent[] {
  const { reference, component, licence, platforms } = image;
  const digest = platforms[architecture]?.digest;
  return digest === undefined ? [] : [imageComponent({ reference, component, licence, architecture, archive, digest })];
}

/** The images that come in archives of components themselves. */
export function catalogImages(catalog: Catalog, architecture: Architecture): readonly BomComponent[] {
  return allComponents(catalog)
    .filter(bringsItsImages)
    .flatMap(({ name, licence, assets, images }) => {
      const archive = assets.find(
        (asset) => asset.path.startsWith('images/') && asset.architecture === architecture,
      )?.path;
      if (archive === undefined) return [];
      return images.map(({ reference }) =>
        imageComponent({ reference, component: name, licence, architecture, archive }),
      );
    });
}

function imageComponent({ reference, component, licence, architecture, archive, digest }: ImageAbout): BomComponent {
  const { repository, tag } = namedBy(reference);
  return {
    type: 'container',
    'bom-ref': `image:${reference}`,
    name: repository,
    version: tag,
    ...(digest === undefined ? {} : { hashes: [{ alg: 'SHA-256' as const, content: digest.slice('sha256:'.length) }] }),
    licenses: [{ expression: licence }],
    purl: packageUrlText(imageUrl(reference, architecture, digest)),
    properties: [
      { name: 'novasphere:component', value: component },
      { name: 'novasphere:path', value: archive },
    ],
  };
}
