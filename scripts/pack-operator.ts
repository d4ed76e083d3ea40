import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { operatorClosure } from './operator-closure.ts';

/**
 * Writes the operator into a folder as its image has it: its own modules without types, the packages that they load,
 * and nothing else. Node starts that in half of the time and with a fifth less memory than the sources.
 */
const root = join(import.meta.dirname, '..');

/** Returns the path of the program. */
export function packOperator(folder: string): string {
  const { files, installed } = operatorClosure();
  for (const file of files) write(join(folder, file.replace(/\.ts$/, '.js')), plain(file));
  for (const name of installed) {
    const path = join('node_modules', name);
    cpSync(join(root, path), join(folder, path), { recursive: true });
  }
  const { name, version, license, type } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const imports = { '#kube/*': './operator/src/kube/*.js' };
  write(join(folder, 'package.json'), `${JSON.stringify({ name, version, license, type, imports }, undefined, 2)}\n`);
  return join(folder, 'operator/src/main.js');
}

/** Types become blanks, so that lines and columns of a stack are those of the source. */
function plain(file: string): string {
  const text = readFileSync(join(root, file), 'utf8');
  return stripTypeScriptTypes(text).replace(/((?:from|import)\s*\(?\s*'\.{1,2}\/[^']*)\.ts'/g, "$1.js'");
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) {
    console.error('usage: scripts/pack-operator FOLDER');
    process.exit(2);
  }
  console.log(packOperator(resolve(folder)));
}
