import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageFetcher } from '#bundle/images/fetch-image';
import { writeImageArchive } from '#bundle/images/image-archive';
import { readImageArchive } from '#bundle/images/read-archive';
import { type Containerd, startContainerd } from '../testbed/containerd.ts';
import { ImageSite } from '../testbed/image-site.ts';
import { type MadeManifest, makeIndex, makeLayer, makeManifest, single } from '../testbed/registry-images.ts';
import { k3sArchive, k3sImages } from './upstream-site.ts';

const base = makeLayer('base', { bytes: 50_000 });
const dockerBase = makeLayer('base', { bytes: 50_000, form: 'docker' });
/** Of each form and compression that registries hold. */
const made: Readonly<Record<string, MadeManifest>> = {
  'docker.io/longhornio/longhorn-manager:v1.12.1': makeManifest('amd64', [base, makeLayer('gzip')]),
  'ghcr.io/a/docker:1': makeManifest('amd64', [dockerBase, makeLayer('d', { form: 'docker' })], { form: 'docker' }),
  'quay.io/kubevirt/virt-launcher:v1.9.0': makeManifest('amd64', [base, makeLayer('z', { compression: 'zstd' })]),
  'registry.k8s.io/a/plain:1': makeManifest('amd64', [base, makeLayer('n', { compression: 'none' })]),
};

let site: ImageSite;
let containerd: Containerd;
beforeAll(async () => {
  [site, containerd] = await Promise.all([ImageSite.open(), startContainerd()]);
});
afterAll(async () => {
  await containerd.stop();
  await site[Symbol.asyncDispose]();
});

describe('containerd', () => {
  it('imports every image of the one archive, whole, under its name and with the digest of upstream', async () => {
    const fetchImage = imageFetcher(site.store, site.access);
    const images = Object.entries(made).map(([reference, { digest }]) => ({ reference, digest }));
    for (const image of images) {
      const [, repository = '', tag = ''] = /^(.*):(.*)$/.exec(image.reference) ?? [];
      const manifest = made[image.reference] as MadeManifest;
      const isDocker = manifest.mediaType.includes('docker');
      await site.pusher.push(repository, tag, isDocker ? single(manifest) : makeIndex([manifest]));
      await fetchImage(image);
    }
    const archive = join(site.folder, 'novasphere-amd64.tar.zst');
    await writeImageArchive(site.store, images, 'amd64', archive);

    await containerd.import(archive);

    expect(Object.fromEntries(await containerd.images())).toEqual(
      Object.fromEntries(images.map(({ reference, digest }) => [reference, digest])),
    );
    expect((await containerd.whole()).toSorted()).toEqual(images.map(({ reference }) => reference).toSorted());
  });

  it('names the images of k3s’s own archive as the proof does', async () => {
    const archive = join(site.folder, 'k3s-airgap-images-amd64.tar.zst');
    await writeFile(archive, k3sArchive('amd64'));

    await containerd.import(archive);

    const held = (await readImageArchive(archive)).map(({ reference }) => reference);
    expect(held.toSorted()).toEqual(k3sImages);
    expect([...(await containerd.images()).keys()]).toEqual(expect.arrayContaining(held));
  });
});
