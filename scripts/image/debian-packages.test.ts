import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyrightOf, libraryIn, type Package } from './debian-packages.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'novasphere-packages-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** As it is once it was unpacked. */
function unpacked(name: string): Package {
  const root = join(folder, name);
  for (const below of ['usr/share/doc', 'lib/x86_64-linux-gnu']) mkdirSync(join(root, below), { recursive: true });
  return { name, version: '1', sha256: '', root };
}

describe('a package that brings libraries', () => {
  it('brings none that a link leads to outside of it', () => {
    const held = unpacked('libc6');
    const link = join(held.root, 'lib/x86_64-linux-gnu/libc.so.6');
    symlinkSync(process.execPath, link);

    expect(libraryIn([held], 'amd64', 'libc.so.6')).toBe(undefined);
    expect(readFileSync(link).length).toBeGreaterThan(0);
  });

  it('may have its licence in another package, which has to be there', () => {
    const [library, base] = [unpacked('libgcc-s1'), unpacked('gcc-12-base')];
    symlinkSync('gcc-12-base', join(library.root, 'usr/share/doc/libgcc-s1'));
    mkdirSync(join(base.root, 'usr/share/doc/gcc-12-base'));
    writeFileSync(join(base.root, 'usr/share/doc/gcc-12-base/copyright'), 'GPL with an exception');

    expect(copyrightOf(library, [base, library])).toEqual({
      owner: 'gcc-12-base',
      text: Buffer.from('GPL with an exception'),
    });
    expect(() => copyrightOf(library, [library])).toThrow('the licence of libgcc-s1 is in gcc-12-base: add its .deb');
  });
});
