import type { Asker, Proof, ProvenImage } from '#bundle/proof/proof';
import type { BundleTarget } from '#ports/bundle';
import { count } from './said.ts';

/** What page and screen say alike. */
export interface ProofStory {
  readonly missing: readonly ProvenImage[];
  readonly extra: readonly ProvenImage[];
  readonly present: readonly ProvenImage[];
  /** Bytes of all images that are there; layers that images share count for each of them. */
  readonly size: number;
  /** The archives with the images that are asked for, in the order of their paths. */
  readonly archives: readonly Archive[];
  /** `Novasphere 0.1.0, amd64, Ubuntu noble` */
  readonly madeFor: string;
  /** Without full stop: “every image that an installation can ask for is in the bundle”. */
  readonly verdict: string;
}

export interface Archive {
  readonly path: string;
  readonly size: number;
  readonly images: readonly ProvenImage[];
}

export function proofStory({ images, findings, madeFor, verdict }: Proof): ProofStory {
  const of = (one: ProvenImage['verdict']) => images.filter((image) => image.verdict === one);
  const [missing, extra, present] = [of('missing'), of('extra'), of('present')];
  return {
    missing,
    extra,
    present,
    size: sizeOf(images),
    archives: archivesOf(present),
    madeFor: targetWords(madeFor),
    verdict:
      verdict === 'complete'
        ? 'every image that an installation can ask for is in the bundle'
        : shortfall(missing.length, extra.length, findings.length),
  };
}

/** `Novasphere 0.1.0, amd64, Ubuntu noble` */
export function targetWords({ release, architecture, series }: BundleTarget): string {
  return [`Novasphere ${release}`, architecture, ...(series === undefined ? [] : [`Ubuntu ${series}`])].join(', ');
}

function shortfall(missing: number, extra: number, unclear: number): string {
  if (missing > 0) return `${count(missing, 'image is', 'images are')} missing from the bundle`;
  if (extra > 0) return `${count(extra, 'image is', 'images are')} named that nobody asks for`;
  return `${count(unclear, 'thing', 'things')} could not be made out`;
}

function archivesOf(present: readonly ProvenImage[]): readonly Archive[] {
  const paths = [...new Set(present.map(({ archive }) => archive ?? ''))].sort();
  return paths.map((path) => {
    const images = present.filter(({ archive }) => archive === path);
    return { path, size: sizeOf(images), images };
  });
}

function sizeOf(images: readonly ProvenImage[]): number {
  return images.reduce((sum, { size = 0 }) => sum + size, 0);
}

/** Every way of asking, in the order of telling. */
export const askings: Readonly<Record<Asker['kind'], readonly [name: string, meaning: string]>> = {
  list: ['list', 'a list that upstream publishes with the release'],
  image: ['field', 'a field for an image, of an object that is applied'],
  environment: ['environment', 'an environment variable of a container'],
  argument: ['argument', 'an argument of a command'],
  text: ['text', 'an annotation, or a file that an object carries'],
  gate: ['by itself', 'a component starts it without any manifest naming it'],
  supplement: ['our reason', 'our catalog says why it is needed'],
};

/** `kubevirt/virt-api` and `v1.8.4` of `quay.io/kubevirt/virt-api:v1.8.4`, with its registry apart. */
export function partsOf(reference: string): { readonly registry: string; readonly name: string; readonly tag: string } {
  const [, registry = '', name = reference, tag = ''] = /^([^/]+)\/([^:@]+)[:@](.+)$/.exec(reference) ?? [];
  return { registry, name, tag };
}
