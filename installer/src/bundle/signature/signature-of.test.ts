import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { generateKeyPair, type KeyPair } from './key-pair.ts';
import { openSecretKey, type SecretKey } from './secret-key.ts';
import { signatureText } from './signature-file.ts';
import { signatureOf } from './signature-of.ts';

let pair: KeyPair;
let key: SecretKey;
let other: KeyPair;

beforeAll(async () => {
  pair = await generateKeyPair('unencrypted');
  other = await generateKeyPair('unencrypted');
  key = await openSecretKey(pair.secretKey, 'file site.key', async () => '');
});

const index = Buffer.from('version: 1\nfiles: []\n');
const signed = (content: Uint8Array = index, comment = 'Novasphere 0.1.0') =>
  Buffer.from(signatureText(content, key, comment));
const seen = (signature: Uint8Array | undefined, content: Uint8Array = index) =>
  signatureOf(content, signature, [other.publicKey, pair.publicKey]);
const comments = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => !/\p{Cc}/u.test(text));

describe('who has signed an index', () => {
  it('is a key that is trusted, for any bytes and any comment', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), comments, (content, comment) => {
        expect(seen(signed(content, comment), content)).toEqual({
          kind: 'trusted',
          keyId: pair.keyId,
          comment: comment.trim(),
        });
      }),
    );
  });

  it('is told alike each time that the same is signed', () => {
    expect(signed()).toEqual(signed());
  });

  it('is nobody whose signature or index had a bit flipped', () => {
    const content = Buffer.from('version: 1\nfiles: []\n');
    const signature = signed(content);
    // Nobody vouches for the words of the first comment; all that follows counts, with what introduces it.
    const free = { from: 'untrusted comment: '.length, to: signature.indexOf('\n') };
    const bits = (bytes: Buffer) => Array.from({ length: bytes.length * 8 }, (_, bit) => bit);
    const flipped = (bytes: Buffer, bit: number) => {
      const copy = Buffer.from(bytes);
      copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return copy;
    };
    const counting = bits(signature).filter((bit) => bit >> 3 < free.from || bit >> 3 >= free.to);

    expect(counting.filter((bit) => seen(flipped(signature, bit), content).kind === 'trusted')).toEqual([]);
    expect(bits(content).filter((bit) => seen(signature, flipped(content, bit)).kind !== 'forged')).toEqual([]);
  });

  it('is nobody where there is no signature', () => {
    expect(seen(undefined)).toEqual({ kind: 'absent' });
  });

  it('is unknown where its key is not trusted', () => {
    expect(signatureOf(index, signed(), [other.publicKey])).toEqual({ kind: 'unknown', keyId: pair.keyId });
    expect(signatureOf(index, signed(), [])).toEqual({ kind: 'unknown', keyId: pair.keyId });
  });

  it('is a forger who writes a trusted number onto a key of his own', async () => {
    const forger = await openSecretKey(other.secretKey, 'file other.key', async () => '');
    const signature = Buffer.from(signatureText(index, { ...forger, number: key.number, keyId: key.keyId }, 'x'));

    expect(seen(signature)).toEqual({ kind: 'forged', detail: 'it is the signature of something else' });
  });

  it('is a forger who writes another comment', () => {
    const text = signed().toString().replace('Novasphere 0.1.0', 'Novasphere 0.2.0');

    expect(seen(Buffer.from(text))).toEqual({ kind: 'forged', detail: 'its trusted comment was changed' });
  });

  it.each(['', 'not a signature', 'untrusted comment: a\nb\ntrusted comment: c\nd\n'])('is a forger as %j', (text) => {
    expect(seen(Buffer.from(text))).toEqual({ kind: 'forged', detail: 'it is no signature of minisign' });
  });

  it('says nothing to a terminal but words', () => {
    const signature = Buffer.from(signatureText(index, key, 'good\u001b[2J\tbundle\u0007'));

    expect(seen(signature)).toMatchObject({ kind: 'trusted', comment: 'good [2J bundle' });
  });

  it('is not told to somebody who trusts what is no key', () => {
    expect(() => signatureOf(index, undefined, [pair.publicKey, 'RWQ…'])).toThrow(
      expect.objectContaining({ code: 'KEY-INVALID', where: ['trusted key 2 of 2'] }),
    );
  });
});
