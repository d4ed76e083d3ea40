import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundleOperator } from './image/operator-bundle.ts';

/** Writes the operator into a folder as its image has it; returns the path of the program. */
export async function packOperator(folder: string): Promise<string> {
  const { files } = await bundleOperator();
  mkdirSync(folder, { recursive: true });
  for (const { name, bytes } of files) writeFileSync(join(folder, name), bytes);
  return join(folder, 'main.js');
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined || folder.startsWith('-')) {
    console.error('usage: scripts/pack-operator FOLDER');
    process.exit(2);
  }
  console.log(await packOperator(resolve(folder)));
}
