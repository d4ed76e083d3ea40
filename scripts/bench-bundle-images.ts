import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '#adapters/local-program';
import { systemClock } from '#adapters/system-clock';
import { imageFetcher } from '#bundle/images/fetch-image';
import { writeImageArchive } from '#bundle/images/image-archive';
import { BlobStore } from '#bundle/store/blob-store';
import { type Registry, startRegistry } from '../test/testbed/registry.ts';
import { makeLayer, makeManifest, single } from '../test/testbed/registry-images.ts';
import { Pusher } from '../test/testbed/registry-push.ts';
import { type Comparison, median } from './bench-figures.ts';

interface Pinned {
  readonly reference: string;
  readonly digest: string;
}

const MiB = 2 ** 20;
const rounds = 3;

/** Images of layers of 30 MiB, fetched by us, and by `skopeo copy` one after the other. */
export async function bundleImageFigures(): Promise<{ readonly rows: readonly Comparison[]; readonly dedup: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'novasphere-bench-images-'));
  await using registry = await startRegistry();
  try {
    const many = await pushed(registry, { images: 10, layers: 1 });
    const one = await pushed(registry, { images: 1, layers: 6 });
    const rows = [
      await row('bundle fetch, ten images that share a layer', {
        registry,
        images: many,
        folder: join(folder, 'many'),
      }),
      await row('bundle fetch, one image of seven layers', { registry, images: one, folder: join(folder, 'one') }),
    ];
    const store = new BlobStore(join(folder, 'many/ours-0'));
    const { dedup } = await writeImageArchive(store, many, 'amd64', join(folder, 'images.tar.zst'));
    return { rows, dedup: dedup.ratio };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Trial {
  readonly registry: Registry;
  readonly images: readonly Pinned[];
  readonly folder: string;
}

async function row(name: string, { registry, images, folder }: Trial): Promise<Comparison> {
  const times: { ours: number; rival: number }[] = [];
  for (let round = 0; round < rounds; round++)
    times.push({
      rival: await timed(() => bySkopeo(registry, images, join(folder, `rival-${round}`))),
      ours: await timed(() => byUs(registry, images, join(folder, `ours-${round}`))),
    });
  const [ours, rival] = [median(times.map((one) => one.ours)), median(times.map((one) => one.rival))];
  return { name, ours, rival, ratio: rival / ours };
}

/** Images with so many layers of their own, and one that all share. */
async function pushed({ host }: Registry, count: { images: number; layers: number }): Promise<readonly Pinned[]> {
  const pusher = new Pusher(host);
  const base = makeLayer('base', { bytes: 30 * MiB });
  const images: Pinned[] = [];
  for (let at = 0; at < count.images; at++) {
    const name = `docker.io/${count.layers}-layers/i${at}`;
    const own = Array.from({ length: count.layers }, (_, layer) => makeLayer(`${name} ${layer}`, { bytes: 30 * MiB }));
    const manifest = makeManifest('amd64', [base, ...own]);
    await pusher.push(name, 'v1', single(manifest));
    images.push({ reference: `${name}:v1`, digest: manifest.digest });
  }
  return images;
}

async function byUs({ host }: Registry, images: readonly Pinned[], folder: string): Promise<void> {
  const mirroredImage = (reference: string) => ({ reference: `${host}/${reference}`, plainHttp: true });
  const access = { run: runProgram, clock: systemClock(), mirrors: { mirroredImage } };
  const fetchImage = imageFetcher(new BlobStore(folder), access);
  const rest = [...images];
  const worker = async () => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) await fetchImage(next);
  };
  await Promise.all(Array.from({ length: 4 }, worker));
}

async function bySkopeo({ host }: Registry, images: readonly Pinned[], folder: string): Promise<void> {
  await mkdir(join(folder, 'blobs'), { recursive: true });
  for (const [at, { reference, digest }] of images.entries()) {
    const from = `docker://${host}/${reference.replace(/:v1$/, '')}@${digest}`;
    const shared = ['--dest-shared-blob-dir', join(folder, 'blobs')];
    const words = ['copy', '--quiet', '--src-tls-verify=false', ...shared, from, `oci:${join(folder, `i${at}`)}:v1`];
    const { exitCode, stderr } = await runProgram(['skopeo', ...words]);
    if (exitCode !== 0) throw new Error(stderr);
  }
}

/** Seconds. */
async function timed(task: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await task();
  return (performance.now() - began) / 1000;
}

if (import.meta.main) {
  const { rows, dedup } = await bundleImageFigures();
  for (const { name, ours, rival, ratio } of rows)
    console.log(
      `${name}: ${ours.toFixed(2)} s, skopeo copy ${rival.toFixed(2)} s: ${ratio.toFixed(2)} × (promised ≥ 0.8 ×)`,
    );
  console.log(`what images share once: ${dedup.toFixed(2)} × as much without`);
}
