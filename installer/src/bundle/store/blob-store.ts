import { createHash } from 'node:crypto';
import { constants, copyFile, lstat, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '#engine/fault';
import { changedFault } from './changed-fault.ts';
import { type Kernel, proc } from './holder.ts';
import { Part, type Write, writeAll } from './part.ts';
import { Parts } from './parts.ts';
import { writeFault } from './store-fault.ts';

/** What a file really is. */
export interface Digested {
  /** Hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** What a file is expected to be; `name` is what the user knows it by. */
interface Expected {
  readonly name: string;
  readonly sha256: string;
  readonly size?: number;
  /** Whoever made the file has computed its digest while writing, as skopeo does: only the size is looked at. */
  readonly isDigested?: boolean;
}

/**
 * A cache by content: `blobs/sha256/<hex>`, read-only, and `partial/` for what is under way. A file comes to lie under
 * its name by one rename, after all of its bytes were seen to fit, and after it is durable.
 */
export class BlobStore {
  readonly directory: string;
  readonly #parts: Parts;
  readonly #write: Write;

  constructor(directory: string, options: { readonly kernel?: Kernel; readonly write?: Write } = {}) {
    this.directory = directory;
    this.#parts = new Parts(join(directory, 'partial'), options.kernel ?? proc);
    this.#write = options.write ?? writeAll;
  }

  /** Where a file lies, or would lie. */
  pathOf(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new TypeError(`${sha256} is no SHA-256 in hexadecimal`);
    return join(this.directory, 'blobs', 'sha256', sha256);
  }

  /** Whether it is there, with this size; its content was compared when it came. */
  async has(sha256: string, size?: number): Promise<boolean> {
    const path = this.pathOf(sha256);
    const found = await stat(path).catch(() => undefined);
    return found?.isFile() === true && (size === undefined || found.size === size);
  }

  /**
   * Moves a file in that was made elsewhere. With `expected`, one that is something else is removed and a Fault
   * FETCH-CHANGED.
   */
  async adopt(file: string, expected?: Expected): Promise<Digested> {
    const name = expected?.name ?? file;
    try {
      const directory = await this.#parts.take('adopted', { ofThisBoot: true });
      try {
        await moved(file, join(directory, 'data'));
      } catch (error) {
        await rm(directory, { recursive: true, force: true });
        throw error;
      }
      return await this.#adopted(directory, file, expected);
    } catch (error) {
      throw error instanceof Fault ? error : await writeFault(error, { name, path: file, needed: undefined });
    }
  }

  /** What there is of a file under way, for this process alone. It ends with `publish` or `leave`. */
  async take(key: string, options: { readonly ofThisBoot: boolean }): Promise<PartUnderWay> {
    const directory = await this.#parts.take(key, options);
    return { key, directory, part: await Part.open(directory, this.#write) };
  }

  /** Gives a part that was compared, to its last byte, its name. */
  async publish({ key, directory, part }: PartUnderWay, sha256: string): Promise<void> {
    const target = this.pathOf(sha256);
    await mkdir(join(target, '..'), { recursive: true });
    await part.publish(target);
    await rm(directory, { recursive: true, force: true });
    await this.#parts.sweep(key);
  }

  /** Keeps a part for the next time. */
  async leave({ key, directory, part }: PartUnderWay): Promise<void> {
    await part.close();
    if (part.size === 0) await rm(directory, { recursive: true, force: true });
    else await this.#parts.release(directory, key);
  }

  async #adopted(directory: string, file: string, expected: Expected | undefined): Promise<Digested> {
    const part = await Part.open(directory, this.#write, { isWhole: true });
    const sha256 = expected?.isDigested === true ? expected.sha256 : await digestOf(part);
    const found = { sha256, size: part.size };
    if (expected !== undefined && !isSame(expected, found)) {
      await part.close();
      await rm(directory, { recursive: true, force: true });
      throw changedFault({ ...expected, place: `file ${file}` }, found);
    }
    await this.publish({ key: 'adopted', directory, part }, found.sha256);
    return found;
  }
}

/** A file under way, and where it lies. */
export interface PartUnderWay {
  readonly key: string;
  readonly directory: string;
  readonly part: Part;
}

async function digestOf(part: Part): Promise<string> {
  const hash = createHash('sha256');
  await part.read((chunk) => void hash.update(chunk));
  return hash.digest('hex');
}

function isSame(expected: Expected, found: Digested): boolean {
  return expected.sha256 === found.sha256 && (expected.size === undefined || expected.size === found.size);
}

/** A rename; a copy where another name or another file system leads to the same bytes. */
async function moved(file: string, target: string): Promise<void> {
  const found = await lstat(file);
  if (found.isFile() && found.nlink === 1 && (await isRenamed(file, target))) return;
  await copyFile(file, target, constants.COPYFILE_FICLONE);
  await rm(file);
}

async function isRenamed(file: string, target: string): Promise<boolean> {
  try {
    await rename(file, target);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EXDEV') return false;
    throw error;
  }
}
