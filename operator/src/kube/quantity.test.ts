import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { Quantity } from './quantity.ts';

it.for<[string, string, number]>([
  ['1Gi', '1024Mi', 0],
  ['1G', '1Gi', -1],
  ['100m', '0.1', 0],
  ['1e3', '1k', 0],
  ['-1', '1', -1],
  ['.5', '500m', 0],
  ['9007199254740993', '9007199254740992', 1],
])('compares %s with %s', ([one, other, expected]) => {
  expect(Quantity.read(one)?.compare(Quantity.read(other) as Quantity)).toBe(expected);
});

it.for(['', '1K', '2 Gi', 'Gi', '1.2.3', '1e', '0x10'])('does not take “%s” for a quantity', (text) => {
  expect(Quantity.read(text)).toBeUndefined();
});

it('keeps every integer exactly', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 18n }),
      (value) => Quantity.read(String(value))?.value === value * 10n ** 18n,
    ),
  );
});
