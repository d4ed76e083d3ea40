import { allComponents, type Catalog } from '#catalog/catalog';
import type { BundleImage, BundleTarget } from '#ports/bundle';
import { type ClosureAbout, closureOf } from '../closure/closure.ts';
import { imageReference } from '../closure/image-reference.ts';
import type { Asker, Proof, ProvenImage } from './proof.ts';

export { incompleteFault } from './incomplete.ts';

/** An image in an archive of the bundle, as whoever reads the archives tells it. */
export type HeldImage = Omit<BundleImage, 'askedBy'>;

export interface ProveAbout extends ClosureAbout {
  readonly madeFor: BundleTarget;
  readonly held: readonly HeldImage[];
}

/** Compares what an installation can ask for with what the archives hold. Pure; the same input gives the same bytes. */
export function prove({ madeFor, held: told, ...about }: ProveAbout): Proof {
  const held = told.map(inFull).toSorted(byArchive);
  const { asked, unused, findings } = closureOf(about);
  const lies = new Map(held.toReversed().map((image) => [image.reference, image]));
  const claimed = unreasoned(about.catalog);
  const references = new Set([...asked.keys(), ...lies.keys(), ...claimed]);
  const images = sorted(references).map((one) => proven(one, asked.get(one) ?? [], lies.get(one)));
  const all = sorted(new Set([...findings, ...contradictions(held)]));
  const isComplete = all.length === 0 && images.every(({ verdict }) => verdict === 'present');
  return {
    version: 1,
    madeFor,
    verdict: isComplete ? 'complete' : 'incomplete',
    images,
    unused: unused.toSorted((one, other) => (one.reference < other.reference ? -1 : 1)),
    findings: all,
  };
}

function sorted(texts: ReadonlySet<string>): readonly string[] {
  return [...texts].sort((one, other) => (one < other ? -1 : 1));
}

/** An archive of docker save holds Docker's short names. */
function inFull(image: HeldImage): HeldImage {
  return { ...image, reference: imageReference(image.reference) ?? image.reference };
}

function byArchive(one: HeldImage, other: HeldImage): number {
  return one.archive < other.archive ? -1 : 1;
}

/** Catalog lines that give no reason: somebody else has to ask for them. */
function unreasoned(catalog: Catalog): readonly string[] {
  const images = allComponents(catalog).flatMap((component) => component.images);
  return images.filter(({ reason }) => reason === undefined).map(({ reference }) => reference);
}

function proven(reference: string, askedBy: readonly Asker[], held: HeldImage | undefined): ProvenImage {
  const verdict = askedBy.length === 0 ? 'extra' : held === undefined ? 'missing' : 'present';
  if (held === undefined) return { reference, askedBy, verdict };
  const { digest, size, archive } = held;
  return { reference, ...(digest === undefined ? {} : { digest }), size, archive, askedBy, verdict };
}

/** One name for two images: what a node runs then would depend on which archive it imports last. */
function contradictions(held: readonly HeldImage[]): readonly string[] {
  const first = new Map<string, HeldImage>();
  return held.flatMap((image) => {
    const other = first.get(image.reference);
    if (other === undefined) first.set(image.reference, image);
    if (other?.digest === undefined || image.digest === undefined || other.digest === image.digest) return [];
    return [`${image.reference} is one image in ${other.archive} and another one in ${image.archive}`];
  });
}
