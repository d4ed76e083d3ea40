import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeIndex } from '#bundle/index/write-index';
import { launch, novasphere, screenOf } from '../cli/novasphere.ts';
import { hasUpstream } from '../fixtures/rehearsed.ts';
import { BundleWorks } from './bundle-works.ts';

const manager = 'docker.io/longhornio/longhorn-manager:v1.12.1';
const madeFor = { release: '0.1.0', architecture: 'amd64' } as const;
/** A small disk is made of memory. */
const mayMount = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;
let works: BundleWorks;
let whole: string;
beforeAll(async () => {
  works = await BundleWorks.open();
  whole = join(works.folder, 'whole');
  await works.bundle('resolve');
  const { err } = await works.bundle('fetch', whole, '--architecture', 'amd64', '--without-packages');
  if (!existsSync(join(whole, 'bundle.yaml'))) throw new Error(err);
});
afterAll(() => works.close());
afterEach(() => works.site.stalled.clear());

/** A copy of the bundle that may be damaged. */
function copy(name: string): string {
  const place = join(works.folder, name);
  cpSync(whole, place, { recursive: true });
  return place;
}

const tidy = (text: string) => text.replaceAll(works.folder, '…').replaceAll(/127\.0\.0\.1:\d+/g, 'HOST');

describe.skipIf(!hasUpstream)('a bundle that lacks something', () => {
  it('is not proven when a layer is gone from its archive, and the image is named', async () => {
    const place = copy('without-layer');
    const archive = join(place, 'images/novasphere-amd64.tar.zst');
    const tar = join(works.folder, 'images.tar');
    execFileSync('zstd', ['-q', '-d', '-f', archive, '-o', tar]);
    const members = execFileSync('tar', ['-tf', tar], { encoding: 'utf8' }).split('\n');
    const victim = layerOf(tar, manager);
    expect(members).toContain(victim);
    execFileSync('tar', ['--delete', '-f', tar, victim]);
    execFileSync('zstd', ['-q', '-f', tar, '-o', archive]);
    await makeIndex(place, madeFor);

    const { exitCode, err } = await novasphere(['bundle', 'prove', place]);

    expect(exitCode).toBe(1);
    expect(err).toContain(manager);
    expect(err).toContain(victim.split('/').at(-1)?.slice(0, 12));
  });

  it('is not proven when a manifest asks for one more image, and whoever asks is named', async () => {
    const place = copy('one-more');
    const file = join(place, 'manifests/cert-manager/cert-manager.yaml');
    const text = readFileSync(file, 'utf8');
    const changed = text.replace(
      '--acme-http01-solver-image=quay.io/jetstack/cert-manager-acmesolver:v1.21.1',
      '--acme-http01-solver-image=quay.io/jetstack/cert-manager-acmesolver:v9',
    );
    expect(changed).not.toBe(text);
    writeFileSync(file, changed);
    await makeIndex(place, madeFor);

    const { exitCode, err } = await novasphere(['bundle', 'prove', place]);

    expect(exitCode).toBe(1);
    expect(err).toContain('quay.io/jetstack/cert-manager-acmesolver:v9');
    expect(err).toContain('Deployment cert-manager/cert-manager');
  });
});

describe.skipIf(!hasUpstream)('a proof that was cut', () => {
  it('gets into the index by the next one, although its file is there already', async () => {
    const place = copy('cut-proof');
    const index = readFileSync(join(place, 'bundle.yaml'));
    expect((await novasphere(['bundle', 'prove', place])).exitCode).toBe(0);
    const named = readFileSync(join(place, 'bundle.yaml'), 'utf8');
    writeFileSync(join(place, 'bundle.yaml'), index);

    expect((await novasphere(['bundle', 'prove', place])).exitCode).toBe(0);

    expect(named).toContain('proof.json');
    expect(readFileSync(join(place, 'bundle.yaml'), 'utf8')).toBe(named);
  });
});

/** The path in the archive of the last layer of an image. */
function layerOf(tar: string, reference: string): string {
  const read = (path: string) => JSON.parse(execFileSync('tar', ['-xOf', tar, path], { encoding: 'utf8' }));
  const path = (digest: string) => `blobs/${digest.replace(':', '/')}`;
  const { manifests } = read('index.json');
  const one = manifests.find((entry: any) => entry.annotations['io.containerd.image.name'] === reference);
  return path(read(path(one.digest)).layers.at(-1).digest);
}

describe.skipIf(!hasUpstream)('upstream that changes', () => {
  it('is an alarm of resolve --check, which writes nothing', async () => {
    const before = readFileSync(works.lock, 'utf8');
    const snapshotter = 'registry.k8s.io/sig-storage/snapshot-controller:v8.6.0';
    await works.publish(snapshotter, 'somebody moved the tag');

    const { exitCode, out, err } = await works.bundle('resolve', '--check', '--output', 'json');

    expect(exitCode).toBe(1);
    expect(JSON.parse(out.trim().split('\n').at(-1) ?? '')).toMatchObject({ fault: { code: 'LOCK-DRIFT' } });
    expect(err).toContain('✖ Upstream is not what the lock file says any more');
    expect(err).toContain(`${snapshotter}: digest was sha256:`);
    expect(readFileSync(works.lock, 'utf8')).toBe(before);
    await works.publish(snapshotter);
    expect((await works.bundle('resolve', '--check')).exitCode).toBe(0);
  });

  it('does not get a file into a bundle that is not the one of the lock', async () => {
    const path = [...works.site.files.keys()].find((one) => one.endsWith('/cdi-cr.yaml')) as string;
    const right = works.site.files.get(path) as Buffer;
    works.site.files.set(path, Buffer.from(right.toString().replace('cdi', 'xdi')));
    rmSync(join(works.folder, 'store'), { recursive: true });

    const { exitCode, err } = await works.bundle('fetch', join(works.folder, 'wrong'), '--without-packages');

    expect(exitCode).toBe(1);
    expect(tidy(screenOf(err, 'A download is not what the lock file says'))).toContain('manifests/cdi/cdi-cr.yaml');
    expect(existsSync(join(works.folder, 'wrong'))).toBe(false);
    works.site.files.set(path, right);
    works.site.asked.length = 0;
    expect((await works.bundle('fetch', join(works.folder, 'wrong'), '--without-packages')).exitCode).toBe(0);
    expect(works.site.asked).toEqual([path]);
  });
});

describe.skipIf(!hasUpstream)('a fetch that is cut', () => {
  it('goes on after kill -9 where it stopped, and another one meanwhile is refused', async () => {
    const path = [...works.site.files.keys()].find((one) => one.endsWith('/cert-manager.yaml')) as string;
    rmSync(join(works.folder, 'store'), { recursive: true });
    works.site.stalled.add(path);
    const words = ['bundle', 'fetch', join(works.folder, 'cut'), '--architecture', 'amd64', '--without-packages'];
    const running = launch([...words, ...works.where]);
    await until(() => works.site.asked.includes(path));

    const second = await novasphere([...words, ...works.where]);
    expect(second.exitCode).toBe(6);
    expect(second.err).toContain(`${running.child.pid}`);
    running.child.kill('SIGKILL');
    await running.ended;
    works.site.stalled.clear();
    works.site.asked.length = 0;
    const again = await novasphere([...words, ...works.where]);

    expect(again.err).not.toContain('✖');
    expect(again.exitCode).toBe(0);
    expect(readFileSync(join(works.folder, 'cut/bundle.yaml'), 'utf8')).toBe(
      readFileSync(join(whole, 'bundle.yaml'), 'utf8'),
    );
  });

  it.skipIf(!mayMount)(
    'says how much room a bundle needs where the disk is full, and goes on when there is some',
    async () => {
      const place = join(works.folder, 'small');
      mkdirSync(place);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'none', place]);
      try {
        const words = ['--architecture', 'amd64', '--without-packages'];
        const { exitCode, err } = await works.bundle('fetch', place, ...words);

        expect(exitCode).toBe(1);
        expect(err).toContain('✖ The disk is full');
        expect(tidy(err)).toMatch(/cannot store the bundle …\/small, which needs [\d.]+ MiB\s+more: the disk is full/);
        expect(existsSync(join(place, 'bundle.yaml'))).toBe(false);
        execFileSync('mount', ['-o', 'remount,size=8m', place]);
        expect((await works.bundle('fetch', place, ...words)).exitCode).toBe(0);
      } finally {
        execFileSync('umount', [place]);
      }
    },
  );

  it('ends at once and safely on Ctrl+C', async () => {
    const path = [...works.site.files.keys()].find((one) => one.endsWith('/cert-manager.yaml')) as string;
    rmSync(join(works.folder, 'store'), { recursive: true });
    works.site.stalled.add(path);
    works.site.asked.length = 0;
    const words = ['bundle', 'fetch', join(works.folder, 'stopped'), '--architecture', 'amd64', '--without-packages'];
    const running = launch([...words, ...works.where]);
    await until(() => works.site.asked.includes(path));

    running.child.kill('SIGINT');
    const { exitCode } = await running.ended;

    expect(exitCode).toBe(5);
    expect(existsSync(join(works.folder, 'stopped/bundle.yaml'))).toBe(false);
  });
});

async function until(look: () => boolean): Promise<void> {
  while (!look()) await new Promise((resolve) => setTimeout(resolve, 20));
}
