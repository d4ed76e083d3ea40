import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generated } from './generated-files.ts';

/** Writes every generated file, or with `--check` says which of them are not what their source makes. */
const root = join(import.meta.dirname, '..');
const onlyCheck = process.argv.includes('--check');
let stale = 0;
for (const { path, make } of generated) {
  const wanted = await make();
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === wanted) continue;
  stale++;
  if (onlyCheck) {
    console.error(`${path} is not what its source makes; run  scripts/generate`);
    continue;
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, wanted);
  console.log(`wrote ${path}`);
}
if (onlyCheck && stale > 0) process.exit(1);
if (stale === 0) console.log('every generated file is as its source makes it');
