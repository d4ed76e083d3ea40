import { assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions } from './version-order.ts';

/** From old to new; deb-version(7) and versions that Ubuntu has shipped. */
const ascending = [
  '1.0~~',
  '1.0~~a',
  '1.0~',
  '1.0~rc1-1',
  '1.0',
  '1.0-0ubuntu1',
  '1.0-1',
  '1.0-1ubuntu0.1',
  '1.0-1ubuntu1~22.04.1',
  '1.0-1ubuntu1',
  '1.0-1+deb12u1',
  '1.0a',
  '1.0+git20240101-1',
  '1.2',
  '1.10',
  '2.39-0ubuntu8',
  '2.39-0ubuntu8.6',
  '20240203ubuntu22',
  '20240203123456789012345678901234567890',
  '1:0.1',
  '2:2.02.185-1',
];

const version = string({ unit: constantFrom('0', '1', '9', 'a', 'Z', '+', '.', '~', '-'), maxLength: 8 });

describe('compareVersions', () => {
  it('orders as Debian does', () => {
    for (const [at, one] of ascending.entries())
      for (const [other, two] of ascending.entries())
        expect(Math.sign(compareVersions(one, two)), `${one} and ${two}`).toBe(Math.sign(at - other));
  });

  it('counts leading zeros and an epoch of zero for nothing', () => {
    expect(compareVersions('0:1.007-1', '1.7-1')).toBe(0);
    expect(compareVersions('1.0', '1.0-0')).toBe(0);
  });

  it('is an order: turned round it is the opposite, and nothing lies between what is equal', () => {
    assert(
      property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
