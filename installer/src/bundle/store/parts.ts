import { randomUUID } from 'node:crypto';
import { constants, copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kernel } from './holder.ts';
import { freeName, heldName, type PartName, readPartName } from './part-name.ts';

/**
 * The directories under `partial/`, each with one file under way. Taking one over is one rename, which only one process
 * can win, and a file is only ever written by the process whose name its directory bears: so no two write into the same
 * file, with or without a lock.
 */
export class Parts {
  readonly #directory: string;
  readonly #kernel: Kernel;

  constructor(directory: string, kernel: Kernel) {
    this.#directory = directory;
    this.#kernel = kernel;
  }

  /**
   * A directory that this process owns: with what somebody left of this key, or an empty one. After a power cut a file
   * may hold zeros for what was never written to the disk: `ofThisBoot` is for who could not tell.
   */
  async take(key: string, { ofThisBoot }: { readonly ofThisBoot: boolean }): Promise<string> {
    await mkdir(this.#directory, { recursive: true });
    const own = join(this.#directory, heldName(key, this.#kernel));
    for (const left of await this.#leftOf(key))
      if ((left.isOfThisBoot || !ofThisBoot) && (await this.#isTaken(left, own))) return own;
    await mkdir(own);
    return own;
  }

  /** Leaves a directory to whoever comes next. */
  async release(own: string, key: string): Promise<void> {
    await rename(own, join(this.#directory, freeName(key, this.#kernel)));
  }

  /** Removes what others left of this key. */
  async sweep(key: string): Promise<void> {
    for (const { name } of await this.#leftOf(key))
      await rm(join(this.#directory, name), { recursive: true, force: true });
  }

  async #isTaken({ name, fate }: PartName, own: string): Promise<boolean> {
    const left = join(this.#directory, name);
    try {
      // It may be of another machine that shares the directory and still writes: then its file is not taken, but copied.
      if (fate === 'rebooted') await copied(left, own);
      else await rename(left, own);
      return true;
    } catch (error) {
      // Somebody else was quicker.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  }

  /** Directories of this key that nobody writes into any more, the fullest first. */
  async #leftOf(key: string): Promise<readonly PartName[]> {
    const names = (await readdir(this.#directory)).filter((name) => name.startsWith(`${key}.`));
    const left = names.map((name) => readPartName(name, this.#kernel)).filter(({ fate }) => fate !== 'alive');
    const sized = await Promise.all(left.map(async (one) => ({ one, size: await this.#sizeOf(one) })));
    return sized.toSorted((a, b) => b.size - a.size).map(({ one }) => one);
  }

  #sizeOf({ name }: PartName): Promise<number> {
    return stat(join(this.#directory, name, 'data')).then(
      ({ size }) => size,
      () => 0,
    );
  }
}

async function copied(left: string, own: string): Promise<void> {
  const next = `${own}.copy-${randomUUID()}`;
  await mkdir(next);
  try {
    for (const file of ['origin.json', 'data'])
      await copyFile(join(left, file), join(next, file), constants.COPYFILE_FICLONE);
    await rename(next, own);
  } finally {
    await rm(next, { recursive: true, force: true });
  }
  await rm(left, { recursive: true, force: true });
}
