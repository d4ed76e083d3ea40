import type { Asker, Proof } from '#bundle/proof/proof';
import { bytes } from '#engine/disk-full';
import { style } from './html-style.ts';
import { Markup, markup } from './markup.ts';
import { imageRow } from './proof-page-image.ts';
import { proofStyle } from './proof-page-style.ts';
import { type Archive, askings, type ProofStory, proofStory } from './proof-words.ts';
import { count } from './said.ts';

/** proof.html: the verdict, and every image with who asks for it and where it lies. Needs no network and no script. */
export function proofPage(proof: Proof): string {
  const story = proofStory(proof);
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Images of the bundle for ${story.madeFor}: ${proof.verdict}</title><style>${new Markup(`${style}\n${proofStyle}`)}</style></head><body><main>
${verdict(proof, story)}
${wrong(proof, story)}
${story.archives.map(archive)}
${unused(proof)}
${ways(proof)}
<footer>Written by novasphere bundle prove, from what the bundle holds and from every object as it will be applied. The same bundle gives the same page.</footer>
</main></body></html>
`.text;
}

function verdict(proof: Proof, story: ProofStory): Markup {
  const isComplete = proof.verdict === 'complete';
  const figures: readonly (readonly [string, string | number])[] = [
    ['images', story.present.length],
    ['missing', story.missing.length],
    ['nobody asks for', story.extra.length],
    ['archives', story.archives.length],
    ['size of the images', bytes(story.size)],
  ];
  const title = `${story.verdict.slice(0, 1).toUpperCase()}${story.verdict.slice(1)}`;
  const text = isComplete
    ? 'Nothing has to be pulled from anywhere: each image below lies in the bundle, and each is asked for.'
    : 'Nothing is installed from it until it is complete: a site without internet could wait for an image for ever.';
  return markup`<header class="card verdict ${isComplete ? 'good' : 'bad'}"><span class="badge">${proof.verdict}</span><h1>${title}</h1><p>${text} Made for ${story.madeFor}.</p>
<dl class="figures">${figures.map(([label, value]) => markup`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl></header>`;
}

function wrong({ findings }: Proof, { missing, extra }: ProofStory): Markup | undefined {
  if (missing.length + extra.length + findings.length === 0) return undefined;
  return markup`<section><h2>What is wrong</h2><div class="card wrong images">
${missing.map((image) => imageRow(image, 'missing'))}${extra.map((image) => imageRow(image, 'extra'))}${findings.map((text) => markup`<p class="warn"><span class="badge">unclear</span> ${text}</p>`)}</div></section>`;
}

function archive({ path, size, images }: Archive): Markup {
  return markup`<section><h2 class="group"><span class="mono">${path}</span><span>${count(images.length, 'image')}, ${bytes(size)}</span></h2><div class="card images">
${images.map((image) => imageRow(image))}</div></section>
`;
}

function unused(proof: Proof): Markup | undefined {
  if (proof.unused.length === 0) return undefined;
  const rows = proof.unused.map(({ reference, reason, namedBy }) => {
    const askedBy = namedBy.map((asker) => ({ ...asker, reason }));
    return imageRow({ reference, askedBy, verdict: 'extra' });
  });
  return markup`<section><h2>Named, but never started: not in the bundle</h2><div class="card images">
${rows}</div></section>`;
}

/** How the names were found, so that one can judge what the proof is worth. */
function ways({ images }: Proof): Markup {
  const kinds = Object.keys(askings) as Asker['kind'][];
  const rows = kinds.map((kind) => {
    const [name, meaning] = askings[kind];
    const by = images.filter(({ askedBy }) => askedBy.some((asker) => asker.kind === kind)).length;
    return markup`<tr><td>${name}</td><td>${by}</td><td>${meaning}</td></tr>`;
  });
  return markup`<section><h2>How images are found, and how many that way</h2><div class="card ways"><table>${rows}</table></div></section>`;
}
