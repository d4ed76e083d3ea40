import type { Watch } from '../fetch/watch.ts';
import type { BlobStore } from '../store/blob-store.ts';
import { copyLayers } from './copy-layers.ts';
import { oddImage } from './image-fault.ts';
import { ImageScratch } from './image-scratch.ts';
import { blobsOf, type Descriptor, hexOf, sizeOf } from './manifest.ts';
import { configurationBy, manifestBy, type SingleImage } from './raw-manifest.ts';
import type { RegistryAccess } from './registry-access.ts';
import { type PinnedImage, storedImage } from './stored-image.ts';
import { Turns } from './turns.ts';

/**
 * Brings images into a store: manifest, configuration and layers, each under the digest that upstream gave it. Several at
 * once, as long as all go through the same fetcher and nobody else fetches into that store; a layer comes once. What is
 * there already is not asked for. Faults: FETCH-FAILED, FETCH-DENIED, FETCH-CHANGED, HOST-DISK-FULL.
 */
export function imageFetcher(
  store: BlobStore,
  access: RegistryAccess,
): (image: PinnedImage, watch?: Watch) => Promise<void> {
  const turns = new Turns();
  return async (pinned, watch = {}) => {
    const fetching: Fetching = { store, scratch: new ImageScratch({ store, ...pinned }), access, watch };
    const image = await turns.work(
      async () => [pinned.digest],
      () => known(pinned, fetching),
    );
    const names = async () => (await missingOf(store, image)).map(({ digest }) => digest);
    await turns.work(names, () => bring(image, fetching));
  };
}

interface Fetching {
  readonly store: BlobStore;
  readonly scratch: ImageScratch;
  readonly access: RegistryAccess;
  readonly watch: Watch;
}

async function known(pinned: PinnedImage, { store, scratch, access, watch }: Fetching): Promise<SingleImage> {
  const stored = await storedImage(store, pinned);
  if (stored !== undefined) return stored;
  const { text, manifest } = await manifestBy(pinned, access, watch);
  await scratch.begin(blobsOf(manifest));
  await scratch.put(pinned.digest, text);
  return { ...pinned, manifest };
}

async function bring(image: SingleImage, fetching: Fetching): Promise<void> {
  const { store, scratch, watch } = fetching;
  const blobs = blobsOf(image.manifest);
  const missing = () => missingOf(store, image);
  if ((await missing()).length > 0) await scratch.begin(blobs);
  const wanted = await missing();
  const bytes = sizeOf(image.manifest) - wanted.reduce((sum, { size }) => sum + size, 0);
  watch.tell?.({ kind: 'has', bytes, kept: true });
  if (wanted.length === 0) return;
  if (wanted.some(({ digest }) => digest !== image.manifest.config.digest)) await bringLayers(image, fetching);
  await bringConfiguration(image, fetching);
  const [lacking] = await missing();
  if (lacking !== undefined) throw oddImage(image.reference, `its registry did not send ${lacking.digest}`);
  watch.tell?.({ kind: 'has', bytes: sizeOf(image.manifest) });
}

async function bringLayers(image: SingleImage, { scratch, access, watch }: Fetching): Promise<void> {
  const blobs = blobsOf(image.manifest);
  try {
    await scratch.show(blobs);
    await copyLayers(image, scratch, access, watch);
  } catch (error) {
    // Layers that came whole stay; that one of them is not right is not what went wrong first.
    await scratch.hand(blobs).catch(() => undefined);
    await scratch.remove();
    throw error;
  }
  await scratch.hand(blobs);
  await scratch.remove();
}

/** skopeo turns the configuration of a Docker image into one of OCI, which is another file. */
async function bringConfiguration(image: SingleImage, { store, scratch, access, watch }: Fetching): Promise<void> {
  const { digest, size } = image.manifest.config;
  if (await store.has(hexOf(digest), size)) return;
  await scratch.put(digest, await configurationBy(image, access, watch));
  await scratch.remove();
}

async function missingOf(store: BlobStore, { manifest }: SingleImage): Promise<readonly Descriptor[]> {
  const there = await Promise.all(
    blobsOf(manifest).map(async (blob) => ({ blob, isThere: await store.has(hexOf(blob.digest), blob.size) })),
  );
  return there.filter(({ isThere }) => !isThere).map(({ blob }) => blob);
}
