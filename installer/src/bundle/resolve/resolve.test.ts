import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '#catalog/load-catalog';
import type { Lock } from '#catalog/lock';
import { emptyLock } from '#catalog/locked';
import { Fault } from '#engine/fault';
import { driftBetween } from './drift.ts';
import { type Resolving, resolveLock, type Upstream } from './resolve.ts';

const catalog = await loadCatalog(resolve(import.meta.dirname, '../../../..'));
const published = 'aa'.repeat(32);
const first = 'bb'.repeat(32);
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

class PaperUpstream implements Upstream {
  readonly asked: string[] = [];
  readonly gone = new Set<string>();
  tag = 'c';
  checksum = published;

  async text(url: string): Promise<string> {
    this.asked.push(url);
    const names = ['k3s', 'k3s-arm64', 'k3s-airgap-images-amd64.tar.zst', 'k3s-airgap-images-arm64.tar.zst'];
    const node = ['x64', 'arm64'].map((one) => `node-v24.21.0-linux-${one}.tar.xz`);
    return [...names, ...node].map((name) => `${this.checksum}  ${name}\n`).join('');
  }

  async file({ name, sha256 }: { name: string; url: string; sha256?: string }) {
    this.asked.push(name);
    if (this.gone.has(name)) throw new Fault({ code: 'FETCH-FAILED', message: `${name} is gone`, remedy: ['look'] });
    return { sha256: sha256 ?? first, size: 10 };
  }

  async image(reference: string) {
    this.asked.push(reference);
    return {
      digest: digest(this.tag),
      platforms: { amd64: { digest: digest('d'), size: 5 }, arm64: { digest: digest('e'), size: 6 } },
    };
  }
}

const nothing: Lock = { assets: [], images: [], packages: [] };
const everything = new Set([
  ...emptyLock(catalog).assets.map(({ path }) => path),
  ...emptyLock(catalog).images.map(({ reference }) => reference),
]);

function looked(upstream: Upstream, before: Lock = nothing, renew: Resolving['renew'] = new Set()) {
  return resolveLock({ catalog, before, upstream, renew });
}

describe('resolving', () => {
  it('says which files are as upstream publishes them, and which are first-use', async () => {
    const { lock, failures } = await looked(new PaperUpstream());
    const trustOf = (path: string) => lock.assets.find((one) => one.path === path);

    expect(failures).toEqual([]);
    expect(trustOf('bin/k3s')).toMatchObject({ sha256: published, size: 10, trust: 'published' });
    expect(trustOf('node/node-linux-x64.tar.xz')).toMatchObject({ sha256: published, trust: 'published' });
    expect(trustOf('manifests/longhorn/longhorn.yaml')).toMatchObject({ sha256: first, trust: 'first-use' });
    expect(lock.assets.every(({ sha256, size }) => sha256 !== undefined && size !== undefined)).toBe(true);
    expect(lock.images.every((one) => one.digest === digest('c') && one.platforms.arm64?.size === 6)).toBe(true);
  });

  it('asks for nothing that is known, and keeps it', async () => {
    const { lock } = await looked(new PaperUpstream());
    const upstream = new PaperUpstream();
    upstream.tag = 'f';

    expect(await looked(upstream, lock)).toEqual({ lock, failures: [] });
    expect(upstream.asked).toEqual([]);
  });

  it('looks up again what it is told to', async () => {
    const { lock } = await looked(new PaperUpstream());
    const reference = 'docker.io/longhornio/longhorn-manager:v1.12.1';
    const upstream = new PaperUpstream();
    upstream.tag = 'f';

    const again = await looked(upstream, lock, new Set([reference]));

    expect(upstream.asked).toEqual([reference]);
    expect(driftBetween(lock, again.lock)).toEqual([
      { name: reference, what: 'digest', locked: digest('c'), now: digest('f') },
    ]);
  });

  it('does not take what was known of another version', async () => {
    const { lock } = await looked(new PaperUpstream());
    const older = {
      ...lock,
      assets: lock.assets.map((one) => (one.path === 'bin/k3s' ? { ...one, url: 'https://x.example/old' } : one)),
    };
    const upstream = new PaperUpstream();

    await looked(upstream, older);

    expect(upstream.asked).toContain('bin/k3s');
    expect(upstream.asked).not.toContain('bin/virtctl');
  });

  it('keeps what it found when something else fails', async () => {
    const upstream = new PaperUpstream();
    upstream.gone.add('bin/virtctl');

    const { lock, failures } = await looked(upstream);

    expect(failures.map(({ message }) => message)).toEqual(['bin/virtctl is gone']);
    expect(lock.assets.filter(({ sha256 }) => sha256 === undefined).map(({ path }) => path)).toEqual(['bin/virtctl']);
  });

  it('refuses a checksum list that does not name the file any more', async () => {
    const upstream = new PaperUpstream();
    upstream.text = async () => 'nothing of use';

    const { failures } = await looked(upstream);

    expect(failures[0]).toMatchObject({
      code: 'FETCH-FAILED',
      message: 'upstream publishes no checksum of bin/k3s',
      where: ['asset bin/k3s'],
    });
  });
});

describe('drift', () => {
  it('is none while upstream says the same', async () => {
    const { lock } = await looked(new PaperUpstream());

    expect(driftBetween(lock, (await looked(new PaperUpstream(), lock, everything)).lock)).toEqual([]);
  });

  it('is an alarm for every tag that moved and every checksum that changed', async () => {
    const { lock } = await looked(new PaperUpstream());
    const upstream = new PaperUpstream();
    Object.assign(upstream, { tag: '9', checksum: '99'.repeat(32) });

    const drift = driftBetween(lock, (await looked(upstream, lock, everything)).lock);

    expect(drift.filter(({ what }) => what === 'digest')).toHaveLength(lock.images.length);
    expect(drift.filter(({ what }) => what === 'sha256').map(({ name }) => name)).toEqual([
      'bin/k3s',
      'bin/k3s-arm64',
      'images/k3s-airgap-images-amd64.tar.zst',
      'images/k3s-airgap-images-arm64.tar.zst',
      'node/node-linux-x64.tar.xz',
      'node/node-linux-arm64.tar.xz',
    ]);
  });

  it('is none where nothing was known', async () => {
    const { lock } = await looked(new PaperUpstream());

    expect(driftBetween(emptyLock(catalog), lock)).toEqual([]);
  });

  it('tells that an image is not published for an architecture any more', async () => {
    const { lock } = await looked(new PaperUpstream());
    const now = { ...lock, images: lock.images.map((one) => ({ ...one, platforms: { amd64: one.platforms.amd64! } })) };

    expect(driftBetween(lock, now)[0]).toMatchObject({ what: 'digest for arm64', locked: digest('e'), now: 'none' });
  });
});
