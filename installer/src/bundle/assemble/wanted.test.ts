import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '#catalog/load-catalog';
import type { Lock } from '#catalog/lock';
import { emptyLock } from '#catalog/locked';
import type { Fault } from '#engine/fault';
import { wantedFor } from './wanted.ts';

const catalog = await loadCatalog(resolve(import.meta.dirname, '../../../..'));
const empty = emptyLock(catalog);
const hex = 'ab'.repeat(32);
const manifest = (size: number) => ({ digest: `sha256:${hex}`, size });
const deb = {
  package: 'chrony',
  version: '4.5-1',
  url: 'http://archive.ubuntu.com/ubuntu/pool/main/c/chrony/chrony_4.5-1_amd64.deb',
  sha256: hex,
  size: 9,
};
const lock: Lock = {
  assets: empty.assets.map((one) => ({ ...one, sha256: hex, size: 7, trust: 'published' as const })),
  images: empty.images.map((one) => ({
    ...one,
    digest: `sha256:${hex}`,
    platforms: { amd64: manifest(3), arm64: manifest(4) },
  })),
  packages: [{ series: 'noble', architecture: 'amd64', debs: [deb] }],
};

function refused(from: Lock, series?: string): Fault {
  try {
    wantedFor(from, { architecture: 'amd64', ...(series === undefined ? {} : { series }) });
  } catch (error) {
    return error as Fault;
  }
  throw new Error('it should have been refused');
}

describe('what a bundle wants', () => {
  it('is everything of its architecture and of none', () => {
    const paths = wantedFor(lock, { architecture: 'arm64' }).files.map(({ path }) => path);

    expect(paths).toContain('bin/k3s-arm64');
    expect(paths).toContain('manifests/longhorn/longhorn.yaml');
    expect(paths).not.toContain('bin/k3s');
    expect(paths.some((path) => path.startsWith('debs/'))).toBe(false);
  });

  it('is each image by the digest of its architecture', () => {
    const { images } = wantedFor(lock, { architecture: 'arm64' });

    expect(images).toHaveLength(lock.images.length);
    expect(images[0]).toEqual({ reference: lock.images[0]?.reference, ...manifest(4) });
  });

  it('is the packages of its series', () => {
    const { files } = wantedFor(lock, { architecture: 'amd64', series: 'noble' });

    expect(files.at(-1)).toMatchObject({ path: 'debs/chrony_4.5-1_amd64.deb', url: deb.url, size: 9 });
  });

  it('is refused while something of it is unresolved, and only then', () => {
    const gaps = (path: string) => ({
      ...lock,
      assets: lock.assets.map((one) =>
        one.path === path ? (empty.assets.find((other) => other.path === path) ?? one) : one,
      ),
    });

    expect(refused(gaps('bin/k3s')).record()).toEqual({
      code: 'LOCK-UNRESOLVED',
      message: 'the lock does not say yet what 1 entry is',
      because: [],
      where: ['file manifests/catalog.lock.yaml'],
      evidence: ['bin/k3s'],
      remedy: ['novasphere bundle resolve          looks them up, on a machine with the internet'],
    });
    expect(wantedFor(gaps('bin/k3s-arm64'), { architecture: 'amd64' }).files).not.toEqual([]);
  });

  it('is refused for a series that nobody has looked up', () => {
    expect(refused(lock, 'jammy')).toMatchObject({
      code: 'LOCK-UNRESOLVED',
      message: 'the lock knows no packages of jammy for amd64',
      cause: 'it knows those of noble for amd64',
    });
    expect(refused({ ...lock, packages: [{ series: 'noble', architecture: 'amd64' }] }, 'noble').evidence).toEqual([
      'the packages of noble for amd64',
    ]);
  });

  it('is refused when an image is not made for the architecture', () => {
    const [first, ...others] = lock.images;
    const without = { ...lock, images: [{ ...first!, platforms: { arm64: manifest(4) } }, ...others] };

    expect(refused(without).message).toBe(`${first?.reference} is not published for amd64`);
  });
});
