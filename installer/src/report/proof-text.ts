import type { Asker, Proof, ProvenImage } from '#bundle/proof/proof';
import { bytes } from '#engine/disk-full';
import { type Paint, paint } from './paint.ts';
import { printable } from './printable.ts';
import { type ProofStory, proofStory } from './proof-words.ts';
import { count } from './said.ts';
import { wrap } from './wrap.ts';

export interface ProofScreen {
  readonly columns: number;
  /** Default: no colours. */
  readonly paint?: Paint;
}

/** A proof for the terminal: what is wrong in full, what is right by archive; the page has the rest. */
export function proofText(proof: Proof, { columns, paint: colour = paint(false) }: ProofScreen): string {
  const story = proofStory(proof);
  const isComplete = proof.verdict === 'complete';
  const mark = isComplete ? colour.green('✔') : colour.red('✖');
  const lines = [
    `${mark} ${colour.bold(`${story.verdict.slice(0, 1).toUpperCase()}${story.verdict.slice(1)}`)}`,
    colour.dim(`  ${story.madeFor}`),
    ...wrongLines(proof, story, columns, colour),
    ...archiveLines(story, colour),
    ...proof.unused.flatMap(({ reference, reason }) =>
      wrap(printable(`left out: ${reference}, ${reason}`), columns - 2).map((line) => colour.dim(`  ${line}`)),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function wrongLines({ findings }: Proof, { missing, extra }: ProofStory, columns: number, colour: Paint) {
  const indented = (text: string, by: number) =>
    wrap(printable(text), columns - by).map((line) => `${' '.repeat(by)}${line}`);
  return [
    ...missing.flatMap((image) => [
      `  ${colour.red('missing')}  ${printable(image.reference)}`,
      ...wantedBy(image.askedBy).flatMap((line) => indented(line, 11)),
    ]),
    ...extra.flatMap((image) => [
      `  ${colour.yellow('extra')}    ${printable(image.reference)}`,
      ...indented(`nobody asks for it; it lies in ${image.archive ?? 'the catalog alone'}`, 11),
    ]),
    ...findings.flatMap((text) =>
      indented(text, 11).map((line, index) =>
        index === 0 ? `  ${colour.yellow('unclear')}  ${line.trimStart()}` : line,
      ),
    ),
  ];
}

function wantedBy(askers: readonly Asker[]): readonly string[] {
  const told = askers.slice(0, 2).map(({ who, from }) => `wanted by ${who}${from === undefined ? '' : ` (${from})`}`);
  const more = askers.length - told.length;
  return more > 0 ? [...told, `and ${more} more`] : told;
}

function archiveLines({ archives }: ProofStory, colour: Paint): readonly string[] {
  const width = Math.max(0, ...archives.map(({ path }) => path.length));
  return archives.map(({ path, size, images }) => {
    const figures = `${count(images.length, 'image')}, ${bytes(size)}${withoutDigest(images)}`;
    return `  ${path.padEnd(width)}  ${colour.dim(figures)}`;
  });
}

function withoutDigest(images: readonly ProvenImage[]): string {
  const unknown = images.filter(({ digest }) => digest === undefined).length;
  return unknown === 0 ? '' : `, ${unknown} without digest`;
}
