import { describe, expect, it } from 'vitest';
import { restoreName } from './restore-object.ts';
import { off } from './restore-scene.ts';

describe('the name of a restore', () => {
  it('fits however long the names are that it is made of', () => {
    const names = ['a'.repeat(253), `${'a'.repeat(252)}b`].map((one) => restoreName(off, one));

    expect(names.map((one) => one.length)).toEqual([253, 253]);
    expect(new Set(names).size).toBe(2);
  });
});
