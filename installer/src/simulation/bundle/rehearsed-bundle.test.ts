import { resolve } from 'node:path';
import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../catalog/load-catalog.ts';
import { rehearsedBundle } from './rehearsed-bundle.ts';

const catalog = await loadCatalog(resolve(import.meta.dirname, '../../../..'));
const bundle = rehearsedBundle(catalog, undefined);
const assets = Object.values(catalog.components).flatMap((one) => one.assets);

describe('a rehearsed bundle', () => {
  it('says whose manifests it holds', () => {
    expect(bundle.place).toBe('rehearsed from small manifests of our own');
  });

  it('holds every file of the catalog', async () => {
    for (const { path } of assets)
      expect(await bundle.file(path)).toMatchObject({ path, sha256: expect.stringMatching(/^\w{64}$/) });
  });

  it('holds manifests of objects', async () => {
    for (const { path } of assets.filter((one) => /\.ya?ml$/.test(one.path)))
      for (const object of loadAll(await bundle.text(path)) as { kind?: string }[])
        expect(object.kind).toBeTypeOf('string');
  });

  it('knows which images an archive holds, wherever it was placed', () => {
    const folder = '/var/lib/rancher/k3s/agent/images';
    const names = (path: string) => bundle.imagesOf(`${folder}/${path}`).map(({ reference }) => reference);

    expect(names('k3s-airgap-images-amd64.tar.zst')).toEqual(catalog.components.k3s.images.map((one) => one.reference));
    expect(names('novasphere-amd64.tar.zst')).toContain('ghcr.io/k8snetworkplumbingwg/multus-cni:v4.3.0');
    expect(names('before-novasphere-amd64.tar.zst')).toEqual(names('novasphere-amd64.tar.zst'));
    expect(names('novasphere-amd64.txt')).toEqual([]);
  });

  it("proves each image of the catalog, by digest but for k3s's own archive", async () => {
    const images = await bundle.images();
    const named = Object.values(catalog.components).flatMap((one) => one.images);

    expect(images.map(({ reference }) => reference)).toEqual(named.map(({ reference }) => reference));
    for (const { archive, digest } of images)
      expect(digest === undefined).toBe(archive === 'images/k3s-airgap-images-amd64.tar.zst');
  });

  it('is made for this release, and for the machine that is rehearsed on', () => {
    const arm = rehearsedBundle(catalog, undefined, { architecture: 'arm64' });

    expect([bundle.madeFor, arm.madeFor]).toEqual([
      { release: catalog.components.operator.version, architecture: 'amd64' },
      { release: catalog.components.operator.version, architecture: 'arm64' },
    ]);
  });

  it('tells a machine what it is given', async () => {
    const { source, sha256, size } = await bundle.file('bin/k3s');

    expect(bundle.sourceOf(source)).toEqual({ sha256, size, text: 'k3s version v1.35.8+k3s1 (rehearsed)\n' });
    expect(bundle.sourceOf('/etc/passwd')).toBeUndefined();
  });

  it('lacks what no catalog names', async () => {
    await expect(bundle.text('manifests/other/other.yaml')).rejects.toMatchObject({
      code: 'BUNDLE-FILE-MISSING',
      message: 'the bundle has no manifests/other/other.yaml',
    });
  });
});
