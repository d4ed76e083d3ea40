import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateKeyPair } from './key-pair.ts';
import { parsePublicKey } from './public-key.ts';
import { openSecretKey } from './secret-key.ts';
import { scryptParameters, sensitive } from './secret-key-layout.ts';

/** Made by `minisign -G -W` 0.11. */
const foreign = {
  secret: [
    'untrusted comment: minisign encrypted secret key',
    'RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACafJhr+YMFNP5Rcw/DnG9H9Ib3TYNLSQj9/Tk0uIVZhedMgoL+wuG2tCtImvhZz2uRLlnrE0u9PFb44dlxEPVaIcZQ1ludN4AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  ].join('\n'),
  public: 'RWQJp8mGv5gwU2tCtImvhZz2uRLlnrE0u9PFb44dlxEPVaIcZQ1ludN4',
};
const quick = { operations: 32_768, memory: 2 ** 20 };
const nobody = () => Promise.reject(new Error('asked for a password'));
const place = 'file site.key';

describe('a secret key', () => {
  it('of minisign without a password is opened without asking', async () => {
    const key = await openSecretKey(foreign.secret, place, nobody);

    expect(key.keyId).toBe('533098BF86C9A709');
    expect(parsePublicKey(foreign.public, 'trusted key').keyId).toBe('533098BF86C9A709');
  });

  it('is opened by its password alone', async () => {
    const pair = await generateKeyPair({ password: 'sésame', limits: quick });

    expect(pair.secretKey.split('\n')[0]).toBe('untrusted comment: minisign encrypted secret key');
    expect(await openSecretKey(pair.secretKey, place, async () => 'sésame')).toMatchObject({ keyId: pair.keyId });
    await expect(openSecretKey(pair.secretKey, place, async () => 'sesame')).rejects.toMatchObject({
      code: 'KEY-INVALID',
      message: 'the password does not open the secret key',
      where: [place],
    });
  });

  it('keeps its password to itself, whatever goes wrong', async () => {
    const pair = await generateKeyPair({ password: 'open sesame', limits: quick });
    const wrong = await openSecretKey(pair.secretKey, place, async () => 'shut barley').catch((error) => error);

    expect(JSON.stringify([wrong.record(), wrong.stack])).not.toMatch(/sesame|barley/);
  });

  it('is not opened when a bit of it was flipped', async () => {
    const { secretKey } = await generateKeyPair('unencrypted');
    const [comment, line = ''] = secretKey.split('\n');
    const bytes = Buffer.from(line, 'base64');
    // Salt and limits of a derivation that there is none of are read by nobody.
    const read = fc.integer({ min: 54 * 8, max: 158 * 8 - 1 });
    await fc.assert(
      fc.asyncProperty(read, async (bit) => {
        const other = Buffer.from(bytes);
        other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const text = `${comment}\n${other.toString('base64')}\n`;

        await expect(openSecretKey(text, place, nobody)).rejects.toMatchObject({
          code: 'KEY-INVALID',
          message: 'the secret key is damaged: it is not what its checksum says',
        });
      }),
    );
  });

  it('of minisign is not opened when its halves belong to different keys', async () => {
    const [comment, line = ''] = foreign.secret.split('\n');
    const bytes = Buffer.from(line, 'base64');
    bytes[70] = (bytes[70] ?? 0) ^ 1;

    await expect(openSecretKey(`${comment}\n${bytes.toString('base64')}`, place, nobody)).rejects.toMatchObject({
      message: 'the secret key is damaged: it is not what its checksum says',
    });
  });

  it.each(['', 'RW', foreign.public, 'untrusted comment: a\nb\nc', `${foreign.secret}\nmore`])(
    'is none as %j',
    async (text) => {
      await expect(openSecretKey(text, place, nobody)).rejects.toMatchObject({
        code: 'KEY-INVALID',
        message: 'this is no secret key of minisign',
      });
    },
  );

  it('that asks for more memory than any is damaged, and costs nothing', async () => {
    const { secretKey } = await generateKeyPair({ password: 'x', limits: quick });
    const [comment, line = ''] = secretKey.split('\n');
    const bytes = Buffer.from(line, 'base64');
    bytes.writeBigUInt64LE(2n ** 60n, 38);
    bytes.writeBigUInt64LE(2n ** 60n, 46);

    await expect(openSecretKey(`${comment}\n${bytes.toString('base64')}`, place, nobody)).rejects.toMatchObject({
      message: 'the secret key is damaged: it is not what its checksum says',
    });
  });

  it('is derived with what libsodium makes of its limits', () => {
    expect(scryptParameters(sensitive)).toEqual({ N: 2 ** 20, r: 8, p: 1 });
    // OPSLIMIT_INTERACTIVE and MEMLIMIT_INTERACTIVE
    expect(scryptParameters({ operations: 524_288, memory: 16_777_216 })).toEqual({ N: 2 ** 14, r: 8, p: 1 });
    expect(scryptParameters({ operations: 2 ** 20, memory: 2 ** 30 })).toEqual({ N: 2 ** 15, r: 8, p: 1 });
    expect(scryptParameters({ operations: 2 ** 25, memory: 2 ** 24 })).toEqual({ N: 2 ** 14, r: 8, p: 64 });
  });
});
