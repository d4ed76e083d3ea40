import { Fault } from '#engine/fault';
import type { Asker, Proof, ProvenImage } from './proof.ts';

const shown = 5;

/** A Fault BUNDLE-INCOMPLETE that names every image that is wrong, who wants it and where it lies. */
export function incompleteFault({ images, findings, verdict }: Proof, place: string): Fault | undefined {
  if (verdict === 'complete') return undefined;
  const missing = images.filter((image) => image.verdict === 'missing');
  const extra = images.filter((image) => image.verdict === 'extra');
  return new Fault({
    code: 'BUNDLE-INCOMPLETE',
    message: sentence(missing.length, extra.length, findings.length),
    where: [`bundle ${place}`],
    evidence: [
      ...some(missing, ({ reference, askedBy }) => [`missing  ${reference}`, ...wantedBy(askedBy)]),
      ...some(extra, (image) => [`extra    ${image.reference}`, `         ${lying(image)}`]),
      ...some(findings, (finding) => [`unclear  ${finding}`]),
    ],
    remedy: remedy(place, missing.length > 0, extra.length > 0),
  });
}

function sentence(missing: number, extra: number, unclear: number): string {
  const are = (count: number, one: string, many: string) =>
    count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  const parts = [
    ...are(missing, 'image is missing from the bundle', 'images are missing from the bundle'),
    ...are(extra, 'image is named that nobody asks for', 'images are named that nobody asks for'),
    ...are(unclear, 'thing could not be made out', 'things could not be made out'),
  ];
  return parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : (parts[0] ?? 'nothing is proven');
}

function some<T>(all: readonly T[], tell: (one: T) => readonly string[]): readonly string[] {
  const more = all.length - shown;
  return [...all.slice(0, shown).flatMap(tell), ...(more > 0 ? [`         and ${more} more`] : [])];
}

function wantedBy([first, ...others]: readonly Asker[]): readonly string[] {
  if (first === undefined) return [];
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  const { who, from } = first;
  return from === undefined ? [`         for ${who}${more}`] : [`         for ${who}`, `         of ${from}${more}`];
}

function lying({ archive }: ProvenImage): string {
  return archive === undefined ? 'in the catalog alone' : `in ${archive}`;
}

function remedy(place: string, isMissing: boolean, isExtra: boolean): readonly [string, ...string[]] {
  const prove = `novasphere bundle prove ${place}          proves again; proof.html shows the whole of it`;
  const acts = [...(isMissing ? ['add what it does not name yet'] : []), ...(isExtra ? [spare] : [])];
  const edit = `edit manifests/<component>/component.yaml          ${acts.join('; ')}`;
  if (isMissing) return [`novasphere bundle fetch ${place}          brings what the catalog names`, edit, prove];
  return isExtra ? [edit, prove] : [prove];
}

const spare = 'take away what nobody asks for, or say under reason why it is needed';
