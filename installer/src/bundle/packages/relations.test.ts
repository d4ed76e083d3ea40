import { describe, expect, it } from 'vitest';
import { matches, readClauses, writeClauses } from './relations.ts';

describe('relations', () => {
  it('reads clauses with their alternatives, versions and architectures', () => {
    expect(readClauses('debconf (>= 0.5) | debconf-2.0, libc6 (>=2.38), python3:any')).toEqual([
      [{ name: 'debconf', operator: '>=', version: '0.5' }, { name: 'debconf-2.0' }],
      [{ name: 'libc6', operator: '>=', version: '2.38' }],
      [{ name: 'python3:any' }],
    ]);
  });

  it('reads no field as no clause', () => {
    expect(readClauses(undefined)).toEqual([]);
  });

  it('writes what it has read', () => {
    const field = 'debconf (>= 0.5) | debconf-2.0, libc6 (>= 2.38), python3:any';

    expect(writeClauses(readClauses(field))).toBe(field);
  });

  it.each([
    ['<<', '1', true],
    ['<<', '2', false],
    ['<=', '2', true],
    ['<=', '3', false],
    ['=', '2', true],
    ['=', '2-1', false],
    ['>=', '2', true],
    ['>=', '1', false],
    ['>>', '3', true],
    ['>>', '2', false],
  ])('%s 2 takes %s: %s', (operator, version, taken) => {
    expect(matches({ name: 'a', operator, version: '2' }, { package: 'a', version })).toBe(taken);
  });

  it('takes what is provided without a version for no version', () => {
    expect(matches({ name: 'a', operator: '>=', version: '2' }, { package: 'b' })).toBe(false);
    expect(matches({ name: 'a' }, { package: 'b' })).toBe(true);
  });
});
