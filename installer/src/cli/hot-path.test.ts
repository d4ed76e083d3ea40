import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = join(import.meta.dirname, '..');

/** Everything that is loaded before a command is known: what `--help` has to wait for. */
function loadedFrom(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  if (!file.startsWith('/')) return seen;
  const text = readFileSync(file, 'utf8');
  const imports = text.matchAll(/^(?:import|export)\s(?!type\s)[^;]*?from '([^']+)';/gm);
  for (const [, target = ''] of imports) loadedFrom(resolved(target, file), seen);
  return seen;
}

function resolved(target: string, from: string): string {
  if (target.startsWith('#')) return `${join(source, target.slice(1))}.ts`;
  return target.startsWith('.') ? join(dirname(from), target) : target;
}

describe('the way to --help', () => {
  const loaded = loadedFrom(join(import.meta.dirname, 'main.ts'));

  it('loads commander and no other package', () => {
    const packages = [...loaded].filter((file) => !file.startsWith('/') && !file.startsWith('node:'));

    expect(packages).toEqual(['commander']);
  });

  it('loads few files of our own', () => {
    expect([...loaded].filter((file) => file.startsWith('/')).length).toBeLessThanOrEqual(14);
  });
});
