import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blake2b } from './blake2b.ts';

describe('BLAKE2b', () => {
  it('is what OpenSSL computes, at its length of 64 bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 400, size: 'max' });
    fc.assert(
      fc.property(bytes, (message) => {
        expect(blake2b(message, 64)).toEqual(createHash('blake2b512').update(message).digest());
      }),
    );
  });

  it.each([0, 1, 127, 128, 129, 256])('is what OpenSSL computes of %i bytes', (length) => {
    const message = Buffer.alloc(length, 'blocks of 128 bytes');

    expect(blake2b(message, 64)).toEqual(createHash('blake2b512').update(message).digest());
  });

  it('of 32 bytes is what b2sum -l 256 prints', () => {
    expect(blake2b(Buffer.from(''), 32).toString('hex')).toBe(
      '0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8',
    );
    expect(blake2b(Buffer.from('abc'), 32).toString('hex')).toBe(
      'bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319',
    );
  });
});
