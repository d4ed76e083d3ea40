import { Fault } from '#engine/fault';
import type { BundleImage, BundleTarget } from '#ports/bundle';
import type { Proof } from './proof.ts';
import { ProofFile } from './proof-schema.ts';

export const proofPath = 'proof.json';
export const proofPagePath = 'proof.html';

/** The text of proof.json: keys sorted, so that the same proof is the same bytes. */
export function proofJson(proof: Proof): string {
  return `${JSON.stringify(proof, sortedKeys, 2)}\n`;
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** What a bundle says of its images; a Fault BUNDLE-INVALID when that is no proof. */
export function readProof(text: string, place: string): Proof {
  const result = ProofFile.safeParse(parse(text, place));
  if (!result.success) {
    const [first] = result.error.issues;
    throw noProof(place, `${first?.path.join('.') || 'the file'}: ${first?.message}`);
  }
  const { verdict, images, findings } = result.data;
  const isComplete = findings.length === 0 && images.every((image) => image.verdict === 'present');
  if (isComplete !== (verdict === 'complete')) throw noProof(place, `its verdict is not that of its images`);
  return result.data;
}

function parse(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw noProof(place, error);
  }
}

function noProof(place: string, cause: unknown): Fault {
  return new Fault({
    code: 'BUNDLE-INVALID',
    message: `${proofPath} of the bundle is not a proof`,
    cause,
    where: [`bundle ${place}`],
    remedy: [`novasphere bundle verify ${place}          shows what else has changed`, 'copy the bundle again'],
  });
}

export interface ProvenBundle {
  readonly place: string;
  readonly madeFor?: BundleTarget;
}

/** The images of a bundle whose proof says that they are complete; else a Fault BUNDLE-UNPROVEN or BUNDLE-INVALID. */
export function provenImages(text: string | undefined, bundle: ProvenBundle): readonly BundleImage[] {
  if (text === undefined)
    throw unproven(bundle, 'nobody has proven that the bundle is complete', `it has no ${proofPath}`);
  const proof = readProof(text, bundle.place);
  const difference = differenceOf(proof.madeFor, bundle.madeFor);
  if (difference !== undefined) throw unproven(bundle, 'the proof of the bundle is that of another one', difference);
  if (proof.verdict !== 'complete')
    throw unproven(bundle, 'the bundle is not complete, and its own proof says so', shortfall(proof));
  return proof.images.flatMap(({ reference, digest, size, archive, askedBy }): readonly BundleImage[] => {
    if (size === undefined || archive === undefined) return [];
    const known = digest === undefined ? {} : { digest };
    return [{ reference, ...known, size, archive, askedBy: askedBy.map(({ who }) => who) }];
  });
}

function differenceOf(proof: BundleTarget, bundle: BundleTarget | undefined): string | undefined {
  if (bundle === undefined) return undefined;
  const parts = ['release', 'architecture', 'series'] as const;
  const part = parts.find((one) => proof[one] !== bundle[one]);
  if (part === undefined) return undefined;
  return `it is for ${part} ${proof[part] ?? 'none'}, the bundle for ${bundle[part] ?? 'none'}`;
}

function shortfall({ images, findings }: Proof): string {
  const missing = images
    .filter(({ verdict }) => verdict === 'missing')
    .map(({ reference }) => `${reference} is missing`);
  const extra = images
    .filter(({ verdict }) => verdict === 'extra')
    .map(({ reference }) => `nobody asks for ${reference}`);
  const [first, ...rest] = [...missing, ...extra, ...findings];
  return rest.length === 0 ? `${first}` : `${first}, and ${rest.length} more`;
}

function unproven({ place }: ProvenBundle, message: string, cause: string): Fault {
  return new Fault({
    code: 'BUNDLE-UNPROVEN',
    message,
    cause,
    where: [`bundle ${place}`],
    remedy: [
      `novasphere bundle prove ${place}          where the bundle was made: names every image and who asks for it`,
      'take a bundle that was proven',
    ],
  });
}
