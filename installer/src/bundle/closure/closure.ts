import { allComponents, type Catalog } from '#catalog/catalog';
import type { Asker, UnusedImage } from '../proof/proof.ts';
import { type ImageList, imagesOfList } from './image-list.ts';
import { kubevirtImages } from './kubevirt-images.ts';
import { type Ask, type AskingObject, imagesOfObject } from './object-images.ts';

export interface ClosureAbout {
  readonly catalog: Catalog;
  readonly lists: readonly ImageList[];
  /** As they will be applied, with all patches in them. */
  readonly objects: readonly AskingObject[];
}

/** Every image that an installation can ask for. */
export interface Closure {
  /** Who asks, by full reference. */
  readonly asked: ReadonlyMap<string, readonly Asker[]>;
  readonly unused: readonly UnusedImage[];
  readonly findings: readonly string[];
}

/** From upstream's lists, the objects, what components start by themselves, and our supplement. Pure. */
export function closureOf({ catalog, lists, objects }: ClosureAbout): Closure {
  const listed = lists.map((list) => ({ ...imagesOfList(list), asker: { kind: 'list', who: list.path } as const }));
  const found = [...objects.map(imagesOfObject), kubevirtImages(objects)];
  const asks = [
    ...listed.flatMap(({ references, asker }) => references.map((reference) => ({ reference, asker }))),
    ...found.flatMap((one) => one.asks),
    ...supplementOf(catalog),
  ];
  const asked = grouped(asks);
  const unused = unusedOf(catalog, asked);
  for (const { reference } of unused) asked.delete(reference);
  const stale = unused.filter(({ namedBy }) => namedBy.length === 0);
  return {
    asked,
    unused,
    findings: [
      ...listed.flatMap((one) => one.findings),
      ...found.flatMap((one) => one.findings),
      ...stale.map(({ reference }) => `the catalog calls ${reference} unused, and nothing names it any more`),
    ],
  };
}

/** What our catalog gives a reason for: the component starts it, and nothing that is read here says so. */
function supplementOf(catalog: Catalog): readonly Ask[] {
  return allComponents(catalog).flatMap(({ name, images }) =>
    images.flatMap(({ reference, reason }): readonly Ask[] => {
      if (reason === undefined) return [];
      return [{ reference, asker: { kind: 'supplement', who: `manifests/${name}/component.yaml`, reason } }];
    }),
  );
}

function unusedOf(catalog: Catalog, asked: ReadonlyMap<string, readonly Asker[]>): readonly UnusedImage[] {
  return allComponents(catalog).flatMap(({ unused = [] }) =>
    unused.map(({ reference, reason }) => ({ reference, reason, namedBy: asked.get(reference) ?? [] })),
  );
}

/** The same asker asks once, however often it names an image. */
function grouped(asks: readonly Ask[]): Map<string, readonly Asker[]> {
  const asked = new Map<string, readonly Asker[]>();
  for (const { reference, asker } of asks) {
    const before = asked.get(reference) ?? [];
    if (!before.some(({ who, from }) => who === asker.who && from === asker.from))
      asked.set(reference, [...before, asker]);
  }
  return asked;
}
