import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog } from '#catalog/catalog';
import { loadCatalog } from '#catalog/load-catalog';
import { lockText, parseLock } from '#catalog/lock-file';
import { emptyLock } from '#catalog/locked';
import { novasphere, root, scratch } from '../cli/novasphere.ts';
import { upstream } from '../fixtures/rehearsed.ts';
import { type Registry, startRegistry } from '../testbed/registry.ts';
import { makeTinyImage } from '../testbed/registry-images.ts';
import { Pusher } from '../testbed/registry-push.ts';
import { UpstreamSite } from './upstream-site.ts';

/** A machine on which bundles are made: upstream’s files and images on loopback, a store, a lock. */
export class BundleWorks {
  readonly folder = scratch();
  readonly lock = join(this.folder, 'catalog.lock.yaml');
  readonly catalog: Catalog;
  readonly registry: Registry;
  readonly site: UpstreamSite;
  readonly pusher: Pusher;

  private constructor(catalog: Catalog, registry: Registry, site: UpstreamSite) {
    this.catalog = catalog;
    this.registry = registry;
    this.site = site;
    this.pusher = new Pusher(registry.host);
  }

  static async open(): Promise<BundleWorks> {
    const catalog = await loadCatalog(root);
    const works = new BundleWorks(catalog, await startRegistry(), await UpstreamSite.of(catalog, upstream));
    const { images } = emptyLock(catalog);
    await Promise.all(images.map(({ reference }) => works.publish(reference)));
    writeFileSync(works.lock, lockText(emptyLock(catalog)));
    return works;
  }

  async close(): Promise<void> {
    await this.registry.stop();
    await this.site[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Pushes an image under its name; `seed`: another content. */
  async publish(reference: string, seed = reference): Promise<void> {
    const [, repository = '', tag = ''] = /^(.+):([^:/]+)$/.exec(reference) ?? [];
    await this.pusher.push(repository, tag, makeTinyImage(seed));
  }

  /** Options that lead everything here. */
  get where(): readonly string[] {
    const hosts = new Set(emptyLock(this.catalog).images.map(({ reference }) => reference.split('/')[0] ?? ''));
    const registries = [...hosts].flatMap((host) => ['--mirror', `${host}=http://${this.registry.host}/${host}`]);
    return [...this.site.mirrors, ...registries, '--store', join(this.folder, 'store'), '--lock', this.lock];
  }

  bundle(command: 'resolve' | 'fetch', ...words: readonly string[]) {
    return novasphere(['bundle', command, ...words, ...this.where]);
  }

  /** A small package, offered by the site and named in the lock: as if apt had been asked. */
  addPackage(name: string): void {
    const tree = join(this.folder, name);
    mkdirSync(join(tree, 'DEBIAN'), { recursive: true });
    writeFileSync(
      join(tree, 'DEBIAN/control'),
      `Package: ${name}\nVersion: 1.0-1\nArchitecture: all\nMaintainer: Nobody <nobody@example.org>\nDescription: a package of a test\n`,
    );
    const file = join(this.folder, `${name}_1.0-1_all.deb`);
    execFileSync('dpkg-deb', ['--root-owner-group', '-b', tree, file], { stdio: 'ignore' });
    const content = readFileSync(file);
    const url = `https://archive.example/pool/${name}_1.0-1_all.deb`;
    this.site.files.set(url.replace('https://', ''), content);
    const lock = parseLock(readFileSync(this.lock, 'utf8'), this.lock);
    const deb = {
      package: name,
      version: '1.0-1',
      url,
      sha256: createHash('sha256').update(content).digest('hex'),
      size: content.length,
    };
    const packages = lock.packages.map((set) =>
      set.architecture === 'amd64' ? { ...set, debs: [...(set.debs ?? []), deb] } : set,
    );
    writeFileSync(this.lock, lockText({ ...lock, packages }));
  }
}
