import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clash, oddity } from './bundle-path.ts';

const ordinary = fc
  .array(fc.stringMatching(/^[a-z0-9_+~:-][a-z0-9._+~:-]{0,20}$/), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('/'));

describe('a path of a bundle', () => {
  it('is ordinary when each of its parts is a plain name', () => {
    fc.assert(fc.property(ordinary, (path) => oddity(path) === undefined));
  });

  it('is odd wherever a part leads up or begins at the root', () => {
    const up = fc.tuple(ordinary, ordinary).map(([before, behind]) => `${before}/../${behind}`);
    fc.assert(fc.property(up, (path) => oddity(path) === 'it leads out of the bundle'));
    fc.assert(fc.property(ordinary, (path) => oddity(`/${path}`) === 'it is absolute'));
  });

  it.each(['a b', 'a\\b', 'a\u0000', 'ä', 'a//b', 'a/', '.', './a', 'a/./b', '\u001b[2J', 'a\n', ''])(
    'is odd as %j',
    (path) => expect(oddity(path)).toBe('it has a name that no bundle has'),
  );

  it('is odd when no disk could hold its name', () => {
    expect(oddity('a'.repeat(255))).toBeUndefined();
    expect(oddity('a'.repeat(256))).toBe('its name is too long for a disk');
  });
});

describe('paths side by side', () => {
  it('are fine in whatever order when each is another one', () => {
    const paths = ['bin/k3s', 'bin/virtctl', 'binaries', 'lists/k3s'];
    fc.assert(
      fc.property(fc.shuffledSubarray(paths), (some) => {
        expect(clash(some)).toBeUndefined();
      }),
    );
  });

  it.each([
    [['bin/k3s', 'a', 'bin/k3s'], 'it names bin/k3s twice'],
    [['bin/k3s', 'bin/K3s'], 'it names bin/k3s and bin/K3s, which are one file on some media'],
    [['bin/k3s', 'Bin/virtctl'], 'it names bin/ and Bin/, which are one folder on some media'],
    [['bin/k3s/a', 'bin/k3s'], 'it names bin/k3s as a file and as a folder'],
    [['BIN', 'bin/k3s'], 'it names BIN as a file and as a folder'],
  ])('clash as %j', (paths, told) => {
    expect(clash(paths)).toBe(told);
  });
});
