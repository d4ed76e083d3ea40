import { copyFile, link, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '#engine/fault';
import type { BlobStore } from '../store/blob-store.ts';
import { writeFault } from '../store/store-fault.ts';
import { type Descriptor, hexOf } from './manifest.ts';

interface Owner {
  readonly store: BlobStore;
  readonly reference: string;
  /** `sha256:…` of the manifest. */
  readonly digest: string;
}

/**
 * Where skopeo works on one image: `partial/image-<hex>` in the store, so that whole layers of a fetch that was ended
 * are found by the next one. What it makes beside the blobs of the registry (it turns manifests of Docker into ones of
 * OCI) goes no further. Only whoever holds the store's lock may work here.
 */
export class ImageScratch {
  readonly folder: string;
  readonly #store: BlobStore;
  readonly #reference: string;

  constructor({ store, reference, digest }: Owner) {
    this.#store = store;
    this.#reference = reference;
    this.folder = join(store.directory, 'partial', `image-${hexOf(digest)}`);
  }

  /** An OCI layout that only skopeo reads. */
  get layout(): string {
    return join(this.folder, 'layout');
  }

  get blobs(): string {
    return join(this.folder, 'blobs');
  }

  /** Moves what skopeo has just made of these blobs into the store: it gives a file the name of what it has written. */
  async hand(blobs: readonly Descriptor[], { isDigested = true } = {}): Promise<void> {
    for (const { digest, size } of blobs) {
      const file = this.#fileOf(digest);
      // More than one name: it came from the store in the first place.
      const { nlink } = await stat(file).catch(() => ({ nlink: 0 }));
      if (nlink !== 1) continue;
      await this.#store.adopt(file, { name: this.#reference, sha256: hexOf(digest), size, isDigested });
    }
  }

  /** Hands over what an earlier run has left here, as far as it is right (the power may have gone), and begins anew. */
  async begin(blobs: readonly Descriptor[]): Promise<void> {
    for (const blob of blobs)
      await this.hand([blob], { isDigested: false }).catch((error: unknown) => {
        if (!(error instanceof Fault) || error.code !== 'FETCH-CHANGED') throw error;
      });
    await this.remove();
  }

  /** Lets skopeo see what the store has of these, so that it does not fetch that. */
  async show(blobs: readonly Descriptor[]): Promise<void> {
    await this.#writing(async () => {
      await mkdir(join(this.blobs, 'sha256'), { recursive: true });
      for (const { digest, size } of blobs) {
        const known = this.#store.pathOf(hexOf(digest));
        if (!(await this.#store.has(hexOf(digest), size))) continue;
        await link(known, this.#fileOf(digest)).catch(() => copyFile(known, this.#fileOf(digest)));
      }
    });
  }

  async put(digest: string, text: string): Promise<void> {
    await this.#writing(async () => {
      await mkdir(this.folder, { recursive: true });
      await writeFile(join(this.folder, 'text'), text);
    });
    await this.#store.adopt(join(this.folder, 'text'), { name: this.#reference, sha256: hexOf(digest) });
  }

  /** Bytes of these blobs that are here, and of files that skopeo has begun. */
  async size(blobs: readonly Descriptor[]): Promise<number> {
    const begun = (await readdir(this.layout).catch(() => [])).filter((name) => name.startsWith('oci-put-blob'));
    const files = [...blobs.map(({ digest }) => this.#fileOf(digest)), ...begun.map((name) => join(this.layout, name))];
    const sizes = await Promise.all(
      files.map((file) =>
        stat(file).then(
          (found) => found.size,
          () => 0,
        ),
      ),
    );
    return sizes.reduce((sum, one) => sum + one, 0);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  #fileOf(digest: string): string {
    return join(this.blobs, 'sha256', hexOf(digest));
  }

  async #writing(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      throw await writeFault(error, { name: this.#reference, path: this.folder, needed: undefined });
    }
  }
}
