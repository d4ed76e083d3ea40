import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imageFetcher } from '#bundle/images/fetch-image';
import { imageList, type WrittenArchive, writeImageArchive } from '#bundle/images/image-archive';
import { readImageArchive } from '#bundle/images/read-archive';
import { ImageSite } from '../testbed/image-site.ts';
import { type MadeManifest, makeIndex, makeLayer, makeManifest, single } from '../testbed/registry-images.ts';

const run = promisify(execFile);

const base = makeLayer('base', { bytes: 200_000 });
const dockerBase = makeLayer('base', { bytes: 200_000, form: 'docker' });
/** Of each form and compression; most of their bytes are in one layer that all share. */
const made: Readonly<Record<string, MadeManifest>> = {
  'docker.io/longhornio/longhorn-manager:v1.12.1': makeManifest('amd64', [base, makeLayer('gzip')]),
  'ghcr.io/a/docker:1': makeManifest('amd64', [dockerBase, makeLayer('d', { form: 'docker' })], { form: 'docker' }),
  'quay.io/kubevirt/virt-launcher:v1.9.0': makeManifest('amd64', [base, makeLayer('z', { compression: 'zstd' })]),
  'registry.k8s.io/a/plain:1': makeManifest('amd64', [base, makeLayer('n', { compression: 'none' })]),
};
const images = Object.entries(made).map(([reference, { digest }]) => ({ reference, digest }));

const isOci = ({ reference }: { reference: string }) => made[reference]?.mediaType.includes('vnd.oci') === true;

let site: ImageSite;
let archive: WrittenArchive;
const file = () => join(site.folder, 'images/novasphere-amd64.tar.zst');
const plain = () => join(site.folder, 'novasphere.tar');

beforeAll(async () => {
  site = await ImageSite.open();
  const fetchImage = imageFetcher(site.store, site.access);
  for (const [reference, manifest] of Object.entries(made)) {
    const [, repository = '', tag = ''] = /^(.*):(.*)$/.exec(reference) ?? [];
    const other = makeManifest('arm64', [makeLayer('arm')]);
    const image = manifest.mediaType.includes('docker') ? single(manifest) : makeIndex([manifest, other]);
    await site.pusher.push(repository, tag, image);
    await fetchImage({ reference, digest: manifest.digest });
  }
  archive = await writeImageArchive(site.store, images, 'amd64', file());
  await run('zstd', ['-q', '-d', file(), '-o', plain()]);
});
afterAll(() => site[Symbol.asyncDispose]());

describe('the archive of all images', () => {
  test('is a layout that skopeo finds the images in, with the manifests that upstream has', async () => {
    for (const { reference } of images.filter(isOci)) {
      const { stdout } = await run('skopeo', ['inspect', '--raw', `oci-archive:${plain()}:${reference}`]);
      expect(Buffer.from(stdout)).toEqual(made[reference]?.bytes);
    }
  });

  test('gives images that can be copied out of it whole', async () => {
    for (const [index, { reference }] of images.filter(isOci).entries()) {
      const folder = join(site.folder, `copy-${index}`);
      await run('skopeo', ['copy', '--quiet', `oci-archive:${plain()}:${reference}`, `dir:${folder}`]);
      for (const { digest, bytes } of made[reference]?.layers ?? [])
        expect(await readFile(join(folder, digest.slice(7)))).toEqual(bytes);
    }
  });

  /** containerd takes such a manifest in a layout (core/images/mediatypes.go); skopeo looks for those of OCI alone. */
  test('leaves a manifest of Docker what it is, whole enough for skopeo to make one of OCI from it', async () => {
    const [image] = images.filter((one) => !isOci(one));
    const folder = join(site.folder, 'docker');
    await mkdir(folder);
    await run('tar', ['-xf', plain(), '-C', folder, '--strip-components=2', 'blobs/sha256']);
    await rename(join(folder, image?.digest.slice(7) ?? ''), join(folder, 'manifest.json'));
    await writeFile(join(folder, 'version'), 'Directory Transport Version: 1.1\n');

    await run('skopeo', ['copy', '--quiet', `dir:${folder}`, `oci:${folder}.oci:made`]);

    const { stdout } = await run('skopeo', ['inspect', `oci:${folder}.oci:made`]);
    expect(JSON.parse(stdout).Layers).toEqual(made[image?.reference ?? '']?.layers.map(({ digest }) => digest));
  });

  test('is read by tar, names every image as containerd asks for it, and has every blob once', async () => {
    const { stdout } = await run('tar', ['-tf', plain()]);
    const names = stdout.trim().split('\n');
    const blobs = names.filter((name) => name.startsWith('blobs/'));
    const { stdout: text } = await run('tar', ['-xOf', plain(), 'index.json']);

    expect(names.slice(0, 2)).toEqual(['oci-layout', 'index.json']);
    expect(blobs).toEqual([...new Set(blobs)].toSorted());
    expect(JSON.parse(text).manifests).toEqual(
      images.map(({ reference, digest }) => ({
        mediaType: made[reference]?.mediaType,
        digest,
        size: made[reference]?.bytes.length,
        annotations: { 'io.containerd.image.name': reference, 'org.opencontainers.image.ref.name': reference },
        platform: { architecture: 'amd64', os: 'linux' },
      })),
    );
  });

  test('has the size and the digest that were told, and says what sharing saves', async () => {
    const { stdout } = await run('sha256sum', [file()]);
    const { stdout: size } = await run('stat', ['-c', '%s', file()]);

    expect(archive).toMatchObject({ sha256: stdout.slice(0, 64), size: Number(size), images: 4 });
    expect(archive.dedup.ratio).toBeGreaterThan(3);
    expect(archive.dedup.all / archive.dedup.stored).toBe(archive.dedup.ratio);
  });

  test('is the same to the last byte in whatever order its images are named', async () => {
    const again = await writeImageArchive(site.store, images.toReversed(), 'amd64', join(site.folder, 'again.tar.zst'));

    expect(again).toEqual(archive);
  });

  test('tells its images to whoever reads it, with the digests of upstream', async () => {
    const held = images.map(({ reference, digest }) => ({ reference, digest, size: made[reference]?.size }));

    expect(await readImageArchive(file())).toEqual(held);
    expect(await readImageArchive(plain())).toEqual(held);
  });

  test('is told to people as a list', () => {
    expect(imageList(images)).toBe(`${Object.keys(made).join('\n')}\n`);
  });
});

describe('archives of others', () => {
  test('skopeo writes what docker save writes, links and all: it is read, without digests', async () => {
    const saved = join(site.folder, 'saved.tar');
    const [{ reference } = { reference: '' }] = images;
    await run('skopeo', [
      'copy',
      '--quiet',
      `oci-archive:${plain()}:${reference}`,
      `docker-archive:${saved}:${reference}`,
    ]);

    expect(await readImageArchive(saved)).toEqual([{ reference, size: expect.any(Number) }]);
  });

  test('several frames of zstd and gzip are read to their end', async () => {
    const parts = join(site.folder, 'parts');
    await mkdir(parts);
    await run('split', ['-b', '100000', plain(), join(parts, 'p')]);
    await run('sh', ['-c', `for part in ${parts}/p*; do zstd -qc "$part"; done > ${parts}/all.tar.zst`]);
    await run('sh', ['-c', `gzip -c ${plain()} > ${parts}/all.tar.gz`]);

    expect(await readImageArchive(join(parts, 'all.tar.zst'))).toHaveLength(4);
    expect(await readImageArchive(join(parts, 'all.tar.gz'))).toHaveLength(4);
    await rm(parts, { recursive: true });
  });

  test('what umoci or tar lays out anew is read as well', async () => {
    const layout = join(site.folder, 'layout');
    await mkdir(layout);
    await run('tar', ['-xf', plain(), '-C', layout]);
    await run('tar', ['-C', layout, '--format=posix', '-cf', `${layout}.tar`, '.']);

    expect(await readImageArchive(`${layout}.tar`)).toHaveLength(4);
  });
});
