import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** The licences of all packages that went into a bundle, in their own words, sorted by the folder of the package. */
export function thirdParty(root: string, { inputs }: Metafile): Buffer {
  const folders = new Set(Object.keys(inputs).flatMap((path) => packageFolder(path) ?? []));
  const texts = [...folders].toSorted().map((folder) => licenceOf(join(root, folder)));
  return Buffer.from(texts.join(`\n${'-'.repeat(80)}\n\n`));
}

/** `node_modules/a/node_modules/@b/c` of a file in it; undefined for a file of no package. */
export function packageFolder(path: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder)
    .toSorted()
    .find((one) => /^licen[cs]e/i.test(one));
  const text = file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8').trimEnd()}\n`;
  return `${name} ${version}, ${license}\n${text}`;
}
