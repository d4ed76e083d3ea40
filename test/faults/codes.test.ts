import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codes } from '#engine/codes';

const root = join(import.meta.dirname, '../..');
const texts = ['installer/src', 'operator/src', 'test'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && name !== 'faults/codes.test.ts')
    .map((name) => ({ name: join(folder, name), text: readFileSync(join(root, folder, name), 'utf8') })),
);
const isTest = (name: string) => name.startsWith('test/') || name.endsWith('.test.ts');
const tables = ['installer/src/engine/codes.ts', 'installer/src/report/fault-pages.ts'];

describe.each(Object.keys(codes))('the code %s', (code) => {
  it('is raised by the product', () => {
    const raising = texts.filter(
      ({ name, text }) => !isTest(name) && !tables.includes(name) && text.includes(`'${code}'`),
    );

    expect(raising).not.toEqual([]);
  });

  it('is raised in a test', () => {
    expect(texts.filter(({ name, text }) => isTest(name) && text.includes(code))).not.toEqual([]);
  });
});
