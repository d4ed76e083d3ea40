import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateKeyPair, writeKeyPair } from './key-pair.ts';
import { passwordFrom } from './password.ts';
import { parsePublicKey } from './public-key.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'novasphere-keys-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a new pair of keys', () => {
  it('is written in two files, the secret one for its owner alone', async () => {
    const pair = await generateKeyPair('unencrypted');
    const files = { publicFile: join(folder, 'site.pub'), secretFile: join(folder, 'site.key') };

    await writeKeyPair(pair, files);

    expect((await stat(files.secretFile)).mode & 0o777).toBe(0o600);
    const text = await readFile(files.publicFile, 'utf8');
    expect(text.split('\n')[0]).toBe(`untrusted comment: minisign public key ${pair.keyId}`);
    expect(parsePublicKey(text, 'file site.pub').keyId).toBe(pair.keyId);
  });

  it.each(['site.pub', 'site.key'])('is never written over %s', async (name) => {
    await writeFile(join(folder, name), 'the key of the plant');
    const files = { publicFile: join(folder, 'site.pub'), secretFile: join(folder, 'site.key') };

    await expect(writeKeyPair(await generateKeyPair('unencrypted'), files)).rejects.toMatchObject({
      code: 'KEY-INVALID',
      message: 'there is a file already where the new key would be written',
      where: [`file ${join(folder, name)}`],
    });
    expect(await readFile(join(folder, name), 'utf8')).toBe('the key of the plant');
  });

  it('has no empty password', async () => {
    await expect(generateKeyPair({ password: '' })).rejects.toMatchObject({ code: 'KEY-INVALID' });
  });
});

describe('a public key', () => {
  const line = 'RWQJp8mGv5gwU2tCtImvhZz2uRLlnrE0u9PFb44dlxEPVaIcZQ1ludN4';

  it.each([line, `${line}\n`, `untrusted comment: of a plant\n${line}\n`, `untrusted comment: x\r\n${line}\r\n`])(
    'is read from %j',
    (text) => {
      expect(parsePublicKey(text, 'trusted key').keyId).toBe('533098BF86C9A709');
    },
  );

  it.each(['', line.slice(1), `${line}AAAA`, line.replace('RWQ', 'RUQ'), `${line}\n${line}`, `a\n${line}`])(
    'is none as %j',
    (text) => {
      expect(() => parsePublicKey(text, 'trusted key')).toThrow(
        expect.objectContaining({ code: 'KEY-INVALID', message: 'this is no public key of minisign' }),
      );
    },
  );

  it('is not taken for the secret one', async () => {
    const { secretKey } = await generateKeyPair('unencrypted');

    expect(() => parsePublicKey(secretKey, 'trusted key')).toThrow('this is a secret key, and a public key is wanted');
  });
});

describe('a password', () => {
  it('is the first line of a file or of the input', async () => {
    await writeFile(join(folder, 'password'), 'open sesame\r\nand more\n');

    expect(await passwordFrom(join(folder, 'password'))).toBe('open sesame');
    expect(await passwordFrom('-', Readable.from(['open ', 'sesame\nand more']))).toBe('open sesame');
  });

  it('is missed where there is none', async () => {
    await writeFile(join(folder, 'password'), '\nopen sesame');
    const missed = { code: 'KEY-INVALID', message: 'there is no password in the first line' };

    await expect(passwordFrom(join(folder, 'password'))).rejects.toMatchObject(missed);
    await expect(passwordFrom('-', Readable.from([]))).rejects.toMatchObject(missed);
    await expect(passwordFrom(join(folder, 'lost'))).rejects.toMatchObject({
      message: 'the password of the key cannot be read',
    });
  });
});
