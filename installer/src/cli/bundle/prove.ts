import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openBundle } from '#adapters/directory-bundle';
import { writeText } from '#bundle/assemble/place-files';
import { readImageArchive } from '#bundle/images/read-archive';
import { type BundleIndex, readIndex, signatureName } from '#bundle/index/index-file';
import { reindex } from '#bundle/index/write-index';
import type { Proof } from '#bundle/proof/proof';
import { proofJson, proofPagePath, proofPath } from '#bundle/proof/proof-file';
import { type HeldImage, incompleteFault, prove } from '#bundle/proof/prove';
import { loadCatalog } from '#catalog/load-catalog';
import { Fault } from '#engine/fault';
import { platformObjects, widestSite } from '#phases/platform-objects';
import { proofPage } from '#report/proof-page';
import { proofText } from '#report/proof-text';
import type { Call } from '../call.ts';
import { releaseRoot } from '../site.ts';

/** `novasphere bundle prove DIR`: what is asked for, against what is there. */
export async function bundleProve({ words, terminal }: Call): Promise<number> {
  const place = resolve(words[0] as string);
  const { index } = await readIndex(place);
  const proof = await provenAt(place, index);
  await recorded(place, index, proof, terminal.tell);
  terminal.print(proofText(proof, { columns: terminal.columns, paint: terminal.paint }));
  terminal.json(proof);
  const fault = incompleteFault(proof, place);
  if (fault !== undefined) throw fault;
  return 0;
}

async function provenAt(place: string, index: BundleIndex): Promise<Proof> {
  const { madeFor, files } = index;
  if (madeFor === undefined) throw withoutImages(place);
  const bundle = await openBundle(place);
  const catalog = await loadCatalog(releaseRoot);
  const paths = [...files.keys()];
  const [lists, held, objects] = await Promise.all([
    Promise.all(
      paths.filter((path) => path.startsWith('lists/')).map(async (path) => ({ path, text: await bundle.text(path) })),
    ),
    Promise.all(paths.filter((path) => /^images\/.*\.tar(\.\w+)?$/.test(path)).map((path) => heldIn(place, path))),
    platformObjects(widestSite(catalog), bundle),
  ]);
  return prove({ madeFor, catalog, lists, objects, held: held.flat() });
}

async function heldIn(place: string, archive: string): Promise<readonly HeldImage[]> {
  return (await readImageArchive(join(place, archive))).map((image) => ({ ...image, archive }));
}

/** A proof that the index names already leaves it as it is, so that a signature stays good. */
async function recorded(
  place: string,
  { files }: BundleIndex,
  proof: Proof,
  tell: (text: string) => void,
): Promise<void> {
  const texts = [
    [proofPath, proofJson(proof)],
    [proofPagePath, proofPage(proof)],
  ] as const;
  const changed: string[] = [];
  for (const [path, text] of texts) {
    const { sha256 } = await writeText(place, path, text);
    if (files.get(path)?.sha256 !== sha256) changed.push(path);
  }
  if (changed.length === 0) return;
  const wasSigned = existsSync(join(place, signatureName));
  await reindex(place, changed);
  if (wasSigned)
    tell(`the index has changed, and its signature is gone:  novasphere bundle sign ${place} --key FILE\n`);
}

function withoutImages(place: string): Fault {
  return new Fault({
    code: 'BUNDLE-UNPROVEN',
    message: `${place} holds manifests alone: there are no images to prove anything of`,
    remedy: ['novasphere bundle fetch DIR          makes a bundle with images'],
  });
}
