import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type MadeManifest, makeLayer, makeManifest } from '../../../../test/testbed/registry-images.ts';
import { BlobStore } from '../store/blob-store.ts';
import { writeImageArchive } from './image-archive.ts';
import { readImageArchive } from './read-archive.ts';

const base = makeLayer('base', { bytes: 5000 });
const images = ['quay.io/a/two:v1', 'docker.io/a/one:v1'].map((reference) => {
  const manifest = makeManifest('amd64', [base, makeLayer(reference)]);
  return { reference, digest: manifest.digest, manifest };
});

/** A store with these, and where an archive may be written. */
async function storeOf(manifests: readonly MadeManifest[]): Promise<{ store: BlobStore; out: string; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'novasphere-archive-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const store = new BlobStore(join(folder, 'store'));
  for (const { bytes } of manifests.flatMap((one) => [one, one.config, ...one.layers])) {
    await writeFile(join(folder, 'blob'), bytes);
    await store.adopt(join(folder, 'blob'));
  }
  return { store, folder, out: join(folder, 'images/novasphere-amd64.tar.zst') };
}

const all = images.map(({ manifest }) => manifest);

test('has what images share once, and is the same for the same images', async () => {
  const [one, other] = [await storeOf(all), await storeOf(all.toReversed())];

  const written = await writeImageArchive(one.store, images, 'amd64', one.out);

  expect(await writeImageArchive(other.store, images.toReversed(), 'amd64', other.out)).toEqual(written);
  const bytes = (found: readonly { bytes: Buffer }[]) => found.reduce((sum, { bytes: { length } }) => sum + length, 0);
  const each = all.flatMap((manifest) => [manifest, manifest.config, ...manifest.layers]);
  expect(written.dedup).toEqual({
    all: bytes(each),
    stored: bytes(each) - base.bytes.length,
    ratio: bytes(each) / (bytes(each) - base.bytes.length),
  });
  expect((await readImageArchive(one.out)).map(({ reference }) => reference)).toEqual([
    'docker.io/a/one:v1',
    'quay.io/a/two:v1',
  ]);
});

test('is not written when a file of the store has changed: that file and an image are named', async () => {
  const { store, out, folder } = await storeOf(all);
  const path = store.pathOf(base.digest.slice(7));
  await chmod(path, 0o644);
  await writeFile(path, Buffer.alloc(base.bytes.length));

  await expect(writeImageArchive(store, images, 'amd64', out)).rejects.toMatchObject({
    code: 'FETCH-CHANGED',
    message: 'the store holds other bytes than were fetched for docker.io/a/one:v1',
    where: ['image docker.io/a/one:v1', `file ${path}`],
    remedy: [`rm ${path}`, 'novasphere bundle fetch DIR          fetches it again, and nothing else'],
  });
  expect(await readdir(join(folder, 'images'))).toEqual([]);
});

test('is not written before everything is there', async () => {
  const [two, one] = all as [MadeManifest, MadeManifest];
  const without = await storeOf([one]);
  await expect(writeImageArchive(without.store, images, 'amd64', without.out)).rejects.toThrow(
    'quay.io/a/two:v1 is not whole in the store',
  );

  const { store, out } = await storeOf([one, two]);
  await rm(store.pathOf(two.layers[1]?.digest.slice(7) ?? ''));
  await expect(writeImageArchive(store, images, 'amd64', out)).rejects.toThrow(
    'quay.io/a/two:v1 is not whole in the store',
  );
});
