import { describe, expect, it } from 'vitest';
import type { Elf } from './elf.ts';
import { type Library, libraryClosure } from './library-closure.ts';

const nothing: Elf = { architecture: 'amd64', needed: [], wants: new Map(), defines: [] };
const program: Elf = {
  ...nothing,
  interpreter: '/lib64/ld-linux-x86-64.so.2',
  needed: ['libstdc++.so.6', 'libc.so.6'],
  wants: new Map([['libc.so.6', ['GLIBC_2.2.5', 'GLIBC_2.28']]]),
};
const elves: Readonly<Record<string, Elf>> = {
  'ld-linux-x86-64.so.2': { ...nothing, defines: ['GLIBC_2.3'] },
  'libc.so.6': {
    ...nothing,
    needed: ['ld-linux-x86-64.so.2'],
    defines: ['GLIBC_2.2.5', 'GLIBC_2.28', 'GLIBC_2.34'],
  },
  'libm.so.6': { ...nothing, needed: ['libc.so.6'] },
  'libstdc++.so.6': { ...nothing, needed: ['libm.so.6', 'libc.so.6'], wants: new Map([['libc.so.6', ['GLIBC_2.34']]]) },
  'libcrypt.so.1': nothing,
};

/** Packages that bring what is above, with changes; `undefined` takes a library away. */
function packages(changes: Readonly<Record<string, Elf | undefined>> = {}) {
  return (name: string): Library | undefined => {
    const elf = { ...elves, ...changes }[name];
    return elf && { name, from: 'libc6 2.36', bytes: Buffer.alloc(0), elf };
  };
}
const namesOf = (libraries: readonly Library[]) => libraries.map(({ name }) => name);

describe('the shared libraries of a program', () => {
  it('are those that it needs, those that these need, and the loader; no other', () => {
    const libraries = libraryClosure(program, packages());

    expect(namesOf(libraries)).toEqual(['ld-linux-x86-64.so.2', 'libc.so.6', 'libm.so.6', 'libstdc++.so.6']);
  });

  it('hold the loader also where no library names it', () => {
    const libraries = libraryClosure({ ...program, needed: [] }, packages());

    expect(namesOf(libraries)).toEqual(['ld-linux-x86-64.so.2']);
  });

  it.for([
    ['ld-linux-x86-64.so.2', 'the program'],
    ['libc.so.6', 'the program'],
    ['libm.so.6', 'libstdc++.so.6'],
    ['libstdc++.so.6', 'the program'],
  ] as const)('cannot do without %s', ([name, by]) => {
    expect(() => libraryClosure(program, packages({ [name]: undefined }))).toThrow(
      `${by} needs ${name}, which none of the packages brings`,
    );
  });

  it('are refused when they are too old for the program', () => {
    const newer = { ...program, wants: new Map([['libc.so.6', ['GLIBC_2.28', 'GLIBC_2.38', 'GLIBC_2.39']]]) };

    expect(() => libraryClosure(newer, packages())).toThrow(
      'the program needs GLIBC_2.38, GLIBC_2.39 of libc.so.6, which libc6 2.36 does not have: take packages of a later release',
    );
  });

  it('are refused when one is too old for another one', () => {
    const wants = new Map([['libm.so.6', ['GLIBC_2.40']]]);

    expect(() =>
      libraryClosure(program, packages({ 'libstdc++.so.6': { ...nothing, needed: ['libm.so.6'], wants } })),
    ).toThrow(
      'libstdc++.so.6 needs GLIBC_2.40 of libm.so.6, which libc6 2.36 does not have: take packages of a later release',
    );
  });

  it('are refused when names of hosts could only be looked up with libraries that nothing names', () => {
    const old = { ...nothing, defines: ['GLIBC_2.2.5', 'GLIBC_2.28', 'GLIBC_2.31'] };

    expect(() => libraryClosure({ ...program, needed: ['libc.so.6'] }, packages({ 'libc.so.6': old }))).toThrow(
      'looking up names needs GLIBC_2.34 of libc.so.6, which libc6 2.36 does not have: take packages of a later release',
    );
  });

  it('are refused when they are for another architecture', () => {
    const foreign: Elf = { ...nothing, architecture: 'arm64' };

    expect(() => libraryClosure(program, packages({ 'libm.so.6': foreign }))).toThrow(
      'libm.so.6 of libc6 2.36 is for arm64, the program for amd64',
    );
  });
});
