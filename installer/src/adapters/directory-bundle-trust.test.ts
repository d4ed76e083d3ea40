import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { indexText, makeIndex } from '#bundle/index/write-index';
import type { Proof } from '#bundle/proof/proof';
import { proofJson } from '#bundle/proof/proof-file';
import { generateKeyPair } from '#bundle/signature/key-pair';
import { openSecretKey } from '#bundle/signature/secret-key';
import { signIndex } from '#bundle/signature/sign-index';
import { openBundle } from './directory-bundle.ts';

const madeFor = { release: '0.1.0', architecture: 'amd64', series: 'noble' } as const;
let place: string;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'novasphere-bundle-'));
  await put('bin/k3s', 'a binary');
  await makeIndex(place, madeFor);
});
afterEach(() => rm(place, { recursive: true }));

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(place, path)), { recursive: true });
  await writeFile(join(place, path), content);
}

async function signed() {
  const pair = await generateKeyPair('unencrypted');
  const key = await openSecretKey(pair.secretKey, 'file site.key', async () => '');
  await signIndex(place, key);
  return pair;
}

describe('a bundle in a directory', () => {
  it('says what it is made for, where its index does', async () => {
    expect((await openBundle(place)).madeFor).toEqual(madeFor);
    await makeIndex(place);
    expect(await openBundle(place)).not.toHaveProperty('madeFor');
  });

  it('is signed by nobody, by somebody, or by somebody who is trusted', async () => {
    expect(await (await openBundle(place)).signature([])).toEqual({ kind: 'absent' });
    const { keyId, publicKey } = await signed();
    const bundle = await openBundle(place);

    expect(await bundle.signature([])).toEqual({ kind: 'unknown', keyId });
    expect(await bundle.signature([publicKey])).toEqual({
      kind: 'trusted',
      keyId,
      comment: 'Novasphere 0.1.0, amd64, noble',
    });
    expect(await bundle.verify()).toEqual([]);
  });

  it('is not trusted for an index that was put there after it was opened, nor the other way round', async () => {
    const { publicKey } = await signed();
    const bundle = await openBundle(place);
    await writeFile(join(place, 'bundle.yaml'), indexText({ files: [] }));

    expect(await bundle.signature([publicKey])).toMatchObject({ kind: 'trusted' });
    expect(await bundle.file('bin/k3s')).toMatchObject({ size: 8 });
    expect(await (await openBundle(place)).signature([publicKey])).toEqual({
      kind: 'forged',
      detail: 'it is the signature of something else',
    });
  });
});

describe('the images of a bundle', () => {
  const proof: Proof = {
    version: 1,
    madeFor,
    verdict: 'complete',
    findings: [],
    unused: [],
    images: [
      {
        reference: 'docker.io/library/a:1',
        digest: `sha256:${'0'.repeat(64)}`,
        size: 7,
        archive: 'images/novasphere-amd64.tar.zst',
        askedBy: [{ kind: 'image', who: 'Pod default/a' }],
        verdict: 'present',
      },
    ],
  };

  it('are those of its proof', async () => {
    await put('proof.json', proofJson(proof));
    await makeIndex(place, madeFor);

    expect(await (await openBundle(place)).images()).toMatchObject([
      { reference: 'docker.io/library/a:1', size: 7, archive: 'images/novasphere-amd64.tar.zst' },
    ]);
  });

  it('are not told without a proof that the index names', async () => {
    const unproven = { code: 'BUNDLE-UNPROVEN' };

    await expect((await openBundle(place)).images()).rejects.toMatchObject(unproven);
    await put('proof.json', proofJson(proof));
    await expect((await openBundle(place)).images()).rejects.toMatchObject(unproven);
  });

  it('are not told by a proof that was changed', async () => {
    await put('proof.json', proofJson(proof));
    await makeIndex(place, madeFor);
    await put('proof.json', proofJson({ ...proof, images: [] }));

    await expect((await openBundle(place)).images()).rejects.toMatchObject({
      code: 'BUNDLE-INVALID',
      message: 'proof.json of the bundle is not as its index says',
    });
  });
});
