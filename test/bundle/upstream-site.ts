import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { zstdCompressSync } from 'node:zlib';
import { tarEnd, tarHeader, tarPadding } from '#bundle/images/tar-writer';
import { type Asset, allComponents, type Catalog } from '#catalog/catalog';
import { isOurs } from '#catalog/locked';
import { rehearsedBundle } from '#simulation/bundle/rehearsed-bundle';
import { makeLayer, makeManifest } from '../testbed/registry-images.ts';

/** The images that k3s brings in its own archive, as its release lists them. */
export const k3sImages = [
  'docker.io/rancher/klipper-helm:v0.11.1-build20260615',
  'docker.io/rancher/klipper-lb:v0.4.17',
  'docker.io/rancher/local-path-provisioner:v0.0.36',
  'docker.io/rancher/mirrored-coredns-coredns:1.14.4',
  'docker.io/rancher/mirrored-library-busybox:1.37.0',
  'docker.io/rancher/mirrored-library-traefik:3.7.4',
  'docker.io/rancher/mirrored-metrics-server:v0.8.1',
  'docker.io/rancher/mirrored-pause:3.6',
];

/** Everything that the catalog downloads but for images, on loopback: real manifests, and stand-ins for the rest. */
export class UpstreamSite {
  /** `github.com/k3s-io/…/k3s` → content. A test may change it. */
  readonly files: Map<string, Buffer>;
  readonly asked: string[] = [];
  /** Of these only the first half is sent, and then nothing more. */
  readonly stalled = new Set<string>();
  readonly #server = createServer((request, response) => {
    const path = (request.url ?? '/').slice(1);
    this.asked.push(request.headers.range === undefined ? path : `${path} ${request.headers.range}`);
    const content = this.files.get(path);
    if (content !== undefined && this.stalled.has(path)) {
      response.writeHead(200, { etag: `"${sha256(content)}"`, 'content-length': content.length });
      response.write(content.subarray(0, content.length >> 1));
    } else answer(content, request.headers.range, response);
  });

  private constructor(files: Map<string, Buffer>) {
    this.files = files;
  }

  static async of(catalog: Catalog, upstream: string): Promise<UpstreamSite> {
    const site = new UpstreamSite(await contents(catalog, upstream));
    await new Promise<void>((resolve) => site.#server.listen(0, '127.0.0.1', resolve));
    return site;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Words of a command line that lead every download here. */
  get mirrors(): readonly string[] {
    const hosts = new Set([...this.files.keys()].map((path) => path.split('/')[0] ?? ''));
    return [...hosts].flatMap((host) => ['--mirror', `https://${host}/=${this.url}${host}/`]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function answer(content: Buffer | undefined, range: string | undefined, response: ServerResponse): void {
  if (content === undefined) return void response.writeHead(404).end('not here');
  const etag = `"${sha256(content)}"`;
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  if (from === 0) return void response.writeHead(200, { etag, 'content-length': content.length }).end(content);
  const headers = { etag, 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` };
  response.writeHead(206, headers).end(content.subarray(from));
}

async function contents(catalog: Catalog, upstream: string): Promise<Map<string, Buffer>> {
  const assets = allComponents(catalog)
    .flatMap((component) => component.assets)
    .filter((asset) => !isOurs(asset));
  const real = rehearsedBundle(catalog, upstream);
  const files = new Map<string, Buffer>();
  for (const asset of assets) files.set(pathOf(asset.url), await contentOf(asset, real.text, upstream));
  for (const { checksums } of assets)
    if (checksums !== undefined) files.set(pathOf(checksums), checksumsOf(checksums, assets, files));
  return files;
}

async function contentOf(
  { path, url }: Asset,
  manifest: (path: string) => Promise<string>,
  upstream: string,
): Promise<Buffer> {
  if (path.startsWith('manifests/')) return Buffer.from(await manifest(path));
  if (path === 'lists/k3s-images.txt') return Buffer.from(`${k3sImages.join('\n')}\n`);
  if (path === 'lists/longhorn-images.txt') return readFileSync(join(upstream, 'longhorn/longhorn-images.txt'));
  if (path.startsWith('images/')) return k3sArchive(path.includes('arm64') ? 'arm64' : 'amd64');
  return Buffer.from(`a stand-in for ${url}\n`.repeat(100));
}

function checksumsOf(list: string, assets: readonly Asset[], files: ReadonlyMap<string, Buffer>): Buffer {
  const rows = assets
    .filter(({ checksums }) => checksums === list)
    .map(
      ({ url }) => `${sha256(files.get(pathOf(url)) as Buffer)}  ${decodeURIComponent(url.split('/').at(-1) ?? '')}\n`,
    );
  return Buffer.from(rows.join(''));
}

/** The archive of k3s for an architecture. */
export function k3sArchive(architecture: string): Buffer {
  return zstdCompressSync(dockerArchive(k3sImages, architecture));
}

/** What `docker save` writes: each image names its configuration and its layers by file. */
function dockerArchive(references: readonly string[], architecture: string): Buffer {
  const images = references.map((reference) => {
    const layers = [
      makeLayer('k3s base', { compression: 'none', form: 'docker' }),
      makeLayer(reference, { compression: 'none', form: 'docker' }),
    ];
    return { reference, manifest: makeManifest(architecture, layers, { form: 'docker' }) };
  });
  const files = new Map<string, Buffer>();
  for (const { manifest } of images) {
    files.set(`${hex(manifest.config.digest)}.json`, manifest.config.bytes);
    for (const layer of manifest.layers) files.set(`${hex(layer.digest)}/layer.tar`, layer.bytes);
  }
  const table = images.map(({ reference, manifest }) => ({
    Config: `${hex(manifest.config.digest)}.json`,
    RepoTags: [reference.replace('docker.io/', '')],
    Layers: manifest.layers.map(({ digest }) => `${hex(digest)}/layer.tar`),
  }));
  files.set('manifest.json', Buffer.from(JSON.stringify(table)));
  return Buffer.concat([
    ...[...files].flatMap(([name, bytes]) => [tarHeader(name, bytes.length), bytes, tarPadding(bytes.length)]),
    tarEnd,
  ]);
}

function pathOf(url: string): string {
  return url.replace('https://', '');
}

function hex(digest: string): string {
  return digest.replace('sha256:', '');
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
