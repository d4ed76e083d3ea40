import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allowed, homes, type Module, moduleOf } from './rules.ts';

const root = join(import.meta.dirname, '../..');
const files = ['installer/src', 'operator/src'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => join(folder, name)),
);

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const pattern = /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/g;
  return [...text.matchAll(pattern)].map((found) => ({
    file,
    target: found[2] ?? found[3] ?? '',
    typeOnly: found[1] !== undefined,
  }));
}

/** Both spellings lead to the same module: `#engine/run` and `../../engine/run.ts`. */
function resolved({ file, target }: Import): string {
  if (!target.startsWith('.')) return target;
  const path = relative(root, join(root, file, '..', target));
  return `#${moduleOf(path)}/${path}`;
}

/** What is data belongs to no module. */
const all = files.flatMap(importsOf).filter(({ target }) => !target.endsWith('.json'));

describe('layers', () => {
  it('reads the imports of the whole product', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(all.length).toBeGreaterThan(200);
  });

  it('lets every module import only what the table of ARCHITECTURE.md allows', () => {
    const wrong = all.filter((one) => {
      const from = moduleOf(one.file);
      const target = resolved(one);
      if (!target.startsWith('#')) return false;
      const to = target.slice(1).split('/')[0] as Module;
      return to !== from && !allowed(from, to, one.typeOnly, one.file);
    });

    expect(wrong.map((one) => `${one.file} imports ${one.target}`)).toEqual([]);
  });

  it('gives every foreign package one home', () => {
    const wrong = all.filter((one) => {
      if (/^(node:|#|\.)/.test(one.target)) return false;
      const homesOf = homes[packageOf(one.target)];
      return homesOf === undefined || !homesOf.some((home) => one.file.startsWith(home));
    });

    expect(wrong.map((one) => `${one.file} imports ${one.target}`)).toEqual([]);
  });

  it('keeps the schema of the definitions, and zod with it, out of the process of the operator', () => {
    const loaded = loadedBy('operator/src/main.ts');

    expect(loaded.files.size).toBeGreaterThan(20);
    expect([...loaded.files].filter((file) => file.startsWith('operator/src/api/schema/'))).toEqual([]);
    expect([...loaded.packages]).not.toContain('zod');
    expect([...loaded.packages]).toContain('pino');
  });

  it('keeps the engine free of packages, files and processes', () => {
    const wrong = all.filter((one) => one.file.startsWith('installer/src/engine/') && !/^(#|\.)/.test(one.target));

    expect(wrong).toEqual([]);
  });
});

/** Everything of the operator that runs when a file does: what is imported as a type alone does not. */
function loadedBy(start: string): { readonly files: ReadonlySet<string>; readonly packages: ReadonlySet<string> } {
  const [reached, packages] = [new Set([start]), new Set<string>()];
  for (const file of reached) {
    for (const { target } of importsOf(file).filter(({ typeOnly }) => !typeOnly)) {
      if (target.endsWith('.json') || target.startsWith('node:')) continue;
      if (target.startsWith('.')) reached.add(join(file, '..', target));
      else if (target.startsWith('#kube/')) reached.add(`operator/src/kube/${target.slice(6)}.ts`);
      else packages.add(packageOf(target));
    }
  }
  return { files: reached, packages };
}

function packageOf(target: string): string {
  const words = target.split('/');
  return target.startsWith('@') ? words.slice(0, 2).join('/') : (words[0] as string);
}
