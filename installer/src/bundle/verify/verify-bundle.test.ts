import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeIndex } from '../index/write-index.ts';
import { generateKeyPair } from '../signature/key-pair.ts';
import { openSecretKey } from '../signature/secret-key.ts';
import { signIndex } from '../signature/sign-index.ts';
import { verifyBundle } from './verify-bundle.ts';

const madeFor = { release: '0.1.0', architecture: 'arm64', series: 'noble' } as const;
let place: string;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'novasphere-signed-'));
  await writeFile(join(place, 'a'), 'a file');
  await makeIndex(place, madeFor);
});
afterEach(() => rm(place, { recursive: true }));

async function newKey() {
  const pair = await generateKeyPair('unencrypted');
  return { trusted: [pair.publicKey], key: await openSecretKey(pair.secretKey, 'file site.key', async () => '') };
}

describe('a bundle that was signed', () => {
  it('is whole and of a trusted key, with a comment that says what it is made for', async () => {
    const { trusted, key } = await newKey();

    const signed = await signIndex(place, key);

    const comment = 'Novasphere 0.1.0, arm64, noble';
    expect(signed).toEqual({ keyId: key.keyId, comment, file: join(place, 'bundle.yaml.minisig') });
    expect(await verifyBundle(place, { trusted })).toEqual({
      place,
      madeFor,
      files: 1,
      bytes: 6,
      seconds: expect.any(Number),
      signature: { kind: 'trusted', keyId: key.keyId, comment },
      problems: [],
    });
  });

  it('can be signed anew by somebody else, with words of his own', async () => {
    const [first, second] = [await newKey(), await newKey()];
    await signIndex(place, first.key);

    await signIndex(place, second.key, 'for plant 7');

    expect((await verifyBundle(place, second)).signature).toMatchObject({ kind: 'trusted', comment: 'for plant 7' });
    expect((await verifyBundle(place, first)).signature).toEqual({ kind: 'unknown', keyId: second.key.keyId });
  });

  it('is forged as soon as its index says something else', async () => {
    const { trusted, key } = await newKey();
    await signIndex(place, key);
    await appendFile(join(place, 'bundle.yaml'), '# a remark\n');

    expect((await verifyBundle(place, { trusted })).signature).toEqual({
      kind: 'forged',
      detail: 'it is the signature of something else',
    });
  });

  it.each(['two\nlines', 'a\u001b[2J', 'x'.repeat(8001)])(
    'is not signed with a comment such as %j',
    async (comment) => {
      const { key } = await newKey();

      await expect(signIndex(place, key, comment)).rejects.toMatchObject({
        code: 'USAGE',
        message: 'the comment of a signature is one line of at most 8000 bytes',
      });
    },
  );
});

describe('a directory', () => {
  it('that is no bundle is neither verified nor signed', async () => {
    await rm(join(place, 'bundle.yaml'));
    const unreadable = { code: 'BUNDLE-UNREADABLE' };

    await expect(verifyBundle(place, { trusted: [] })).rejects.toMatchObject(unreadable);
    await expect(signIndex(place, (await newKey()).key)).rejects.toMatchObject(unreadable);
  });
});
