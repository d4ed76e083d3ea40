import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { version } from '../cli/version.ts';
import { allComponents, releaseOf } from './catalog.ts';
import { loadCatalog } from './load-catalog.ts';

const checkout = resolve(import.meta.dirname, '../../..');
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'novasphere-catalog-'));
  await cp(join(checkout, 'manifests'), join(root, 'manifests'), { recursive: true });
});
afterEach(() => rm(root, { recursive: true }));

async function change(component: string, from: string, to: string): Promise<void> {
  const file = join(root, 'manifests', component, 'component.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replace(from, to));
}

describe('the catalog', () => {
  it('pins what this release ships', async () => {
    const { components } = await loadCatalog(checkout);

    const pins = Object.values(components).map(
      ({ name, version, images }) => `${name} ${version}, ${images.length} images`,
    );
    expect(pins).toMatchInlineSnapshot(`
      [
        "k3s v1.35.8+k3s1, 4 images",
        "snapshotter v8.6.0, 1 images",
        "longhorn v1.12.1, 14 images",
        "multus v4.3.0, 1 images",
        "nmstate v0.86.0, 2 images",
        "kubevirt v1.8.4, 7 images",
        "cdi v1.65.0, 7 images",
        "cert-manager v1.21.1, 4 images",
        "operator 0.1.0, 1 images",
        "sample-vm v1.8.4, 1 images",
      ]
    `);
  });

  it('has one component with an archive of images of its own, for each architecture: k3s', async () => {
    const assets = allComponents(await loadCatalog(checkout)).flatMap((one) => one.assets);

    expect(assets.map(({ path }) => path).filter((path) => path.startsWith('images/'))).toEqual([
      'images/k3s-airgap-images-amd64.tar.zst',
      'images/k3s-airgap-images-arm64.tar.zst',
    ]);
  });

  it('is of the release that this program is', async () => {
    expect(releaseOf(await loadCatalog(checkout))).toBe(version);
  });

  it('refuses an image whose tag moves', async () => {
    await change('multus', 'multus-cni:v4.3.0', 'multus-cni:snapshot');

    await expect(loadCatalog(root)).rejects.toMatchObject({
      code: 'CATALOG-INVALID',
      message: 'manifests/multus/component.yaml has 1 mistake',
      evidence: ['images.0.reference: a fixed tag: this one moves'],
    });
  });

  it('refuses a path that leaves the bundle', async () => {
    await change('longhorn', 'path: manifests/longhorn/longhorn.yaml', 'path: manifests/../../etc/passwd');

    await expect(loadCatalog(root)).rejects.toMatchObject({
      evidence: ['assets.0.path: a relative path without .. in it, such as manifests/longhorn/longhorn.yaml'],
    });
  });

  it('refuses two components that claim the same place', async () => {
    await change('cdi', 'path: manifests/cdi/cdi-cr.yaml', 'path: manifests/kubevirt/kubevirt-cr.yaml');

    await expect(loadCatalog(root)).rejects.toMatchObject({
      message: 'manifests/kubevirt/kubevirt-cr.yaml is there twice: in kubevirt and in cdi',
    });
  });

  it('names the file and the line when it is not YAML', async () => {
    await change('cdi', 'name: cdi', 'name: [cdi');

    await expect(loadCatalog(root)).rejects.toMatchObject({
      message: 'manifests/cdi/component.yaml is not YAML',
      where: ['file manifests/cdi/component.yaml'],
    });
  });

  it('says which component it lacks', async () => {
    await rm(join(root, 'manifests/nmstate'), { recursive: true });

    await expect(loadCatalog(root)).rejects.toMatchObject({
      message: 'the catalog lacks manifests/nmstate/component.yaml',
    });
  });
});
