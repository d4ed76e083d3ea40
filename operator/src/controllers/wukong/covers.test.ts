import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { covers } from './covers.ts';

describe('what is wanted is covered by what is there', () => {
  it.for<[string, Json, Json, boolean]>([
    ['the same', { a: 1 }, { a: 1 }, true],
    ['something more', { a: 1, b: 2 }, { a: 1 }, true],
    ['something else', { a: 2 }, { a: 1 }, false],
    ['nothing', undefined, { a: 1 }, false],
    ['an empty object where one is wanted', { rng: {} }, { rng: {} }, true],
    ['no object where an empty one is wanted', {}, { rng: {} }, false],
    ['null', null, {}, false],
    ['a list with one more', { disks: [{ name: 'a' }, { name: 'b' }] }, { disks: [{ name: 'a' }] }, false],
    ['a list in another order', { disks: ['b', 'a'] }, { disks: ['a', 'b'] }, false],
    ['list items with something more', { disks: [{ name: 'a', io: 'native' }] }, { disks: [{ name: 'a' }] }, true],
    ['no list', { disks: {} }, { disks: [] }, false],
    ['a size in other words', { storage: '1Gi' }, { storage: '1024Mi' }, true],
    ['another size', { storage: '1Gi' }, { storage: '1G' }, false],
    ['memory in other words', { guest: '1Gi' }, { guest: '1024Mi' }, true],
    ['a name that only looks like a size', { name: '1Gi' }, { name: '1024Mi' }, false],
    ['one owner more', { ownerReferences: [{ uid: 'a' }, { uid: 'b' }] }, { ownerReferences: [{ uid: 'b' }] }, true],
    ['another owner', { ownerReferences: [{ uid: 'a' }] }, { ownerReferences: [{ uid: 'b' }] }, false],
  ])('%s', ([, live, wanted, isCovered]) => {
    expect(covers(live, wanted)).toBe(isCovered);
  });
});
