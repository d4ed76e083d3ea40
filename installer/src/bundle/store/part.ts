import { constants, type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the bytes of a part came from, so that a server can tell whether the rest still fits to them. */
export interface Origin {
  readonly url: string;
  /** What `If-Range` takes: a strong ETag, or a date. Absent where the server named none. */
  readonly validator?: string;
}

/** Appends all of these at a position. Tests fill a disk with it. */
export type Write = (handle: FileHandle, buffers: readonly Uint8Array[], position: number) => Promise<void>;

export const writeAll: Write = async (handle, buffers, position) => {
  let [rest, at] = [buffers, position];
  while (rest.length > 0) {
    const { bytesWritten } = await handle.writev(rest, at);
    at += bytesWritten;
    rest = behind(rest, bytesWritten);
  }
};

/** What is left of buffers when so many bytes of them are written. */
function behind(buffers: readonly Uint8Array[], written: number): readonly Uint8Array[] {
  let left = written;
  return buffers.flatMap((one) => {
    const taken = Math.min(left, one.length);
    left -= taken;
    return taken === one.length ? [] : [one.subarray(taken)];
  });
}

/** Bytes that may wait in memory for the disk. */
const settleBytes = 64 << 20;

/** A file under way, which nobody but this object writes to: `<directory>/data`, beside it `origin.json`. */
export class Part {
  readonly #directory: string;
  readonly #handle: FileHandle;
  readonly #write: Write;
  #size: number;
  #origin: Origin | undefined;
  /** Bytes that were on their way to the disk when somebody last looked, and that way. */
  #settled = 0;
  #settling: Promise<void> | undefined;

  private constructor(directory: string, handle: FileHandle, write: Write, found: { size: number; origin?: Origin }) {
    this.#directory = directory;
    this.#handle = handle;
    this.#write = write;
    this.#size = found.size;
    this.#origin = found.origin;
  }

  /** Opens what lies in a directory that this process alone owns; `isWhole`: whoever made it made it to its end. */
  static async open(directory: string, write: Write, { isWhole = false } = {}): Promise<Part> {
    const handle = await open(join(directory, 'data'), constants.O_RDWR | constants.O_CREAT, 0o644);
    const { size } = await handle.stat();
    const origin = await originIn(directory);
    // Bytes of which nobody knows where they came from are worth nothing.
    const found = isWhole ? { size } : { size: 0 };
    return new Part(directory, handle, write, origin === undefined ? found : { size, origin });
  }

  get path(): string {
    return join(this.#directory, 'data');
  }

  /** Bytes that are there. */
  get size(): number {
    return this.#size;
  }

  get origin(): Origin | undefined {
    return this.#origin;
  }

  /** Empties it. The origin is written after that, so that it never describes bytes of another one. */
  async begin(origin: Origin): Promise<void> {
    await this.clear();
    this.#origin = origin;
    await writeOrigin(this.#directory, origin);
  }

  /** Throws everything away that is there. */
  async clear(): Promise<void> {
    await this.#handle.truncate(0);
    this.#settled = 0;
    this.#size = 0;
    this.#origin = undefined;
  }

  async append(buffers: readonly Uint8Array[]): Promise<void> {
    try {
      await this.#write(this.#handle, buffers, this.#size);
      this.#size += buffers.reduce((sum, one) => sum + one.length, 0);
    } catch (error) {
      // A disk that becomes full takes what fits before it refuses the rest.
      this.#size = (await this.#handle.stat()).size;
      throw error;
    }
    this.#settle();
  }

  /** Lets the disk work while more comes: all of it at the end would take as long again. */
  #settle(): void {
    if (this.#settling !== undefined || this.#size - this.#settled < settleBytes) return;
    this.#settled = this.#size;
    // Its failure is met again by the sync at the end.
    this.#settling = this.#handle
      .datasync()
      .catch(() => undefined)
      .finally(() => {
        this.#settling = undefined;
      });
  }

  /** Everything that is there, from the beginning. */
  async read(take: (chunk: Uint8Array) => void): Promise<void> {
    const chunk = Buffer.allocUnsafe(1 << 20);
    let position = 0;
    while (position < this.#size) {
      const { bytesRead } = await this.#handle.read(chunk, 0, Math.min(chunk.length, this.#size - position), position);
      if (bytesRead === 0) throw new Error(`${this.path} became shorter while it was read`);
      take(chunk.subarray(0, bytesRead));
      position += bytesRead;
    }
  }

  /**
   * Makes it a file that lies at `target`, whatever lay there before. Its bytes are durable before it has that name; that
   * it has it is left to the file system: where a power cut takes the name back, the next run finds a part that is whole.
   */
  async publish(target: string): Promise<void> {
    await this.#settling;
    await this.#handle.truncate(this.#size);
    await this.#handle.chmod(0o444);
    await this.#handle.sync();
    await this.#handle.close();
    await rename(this.path, target);
  }

  async close(): Promise<void> {
    await this.#settling;
    await this.#handle.close();
  }
}

async function originIn(directory: string): Promise<Origin | undefined> {
  try {
    return JSON.parse(await readFile(join(directory, 'origin.json'), 'utf8')) as Origin;
  } catch {
    return undefined;
  }
}

async function writeOrigin(directory: string, origin: Origin): Promise<void> {
  const next = join(directory, 'origin.next');
  await rm(next, { force: true });
  const handle = await open(next, 'wx');
  try {
    await handle.writeFile(JSON.stringify(origin));
  } finally {
    await handle.close();
  }
  await rename(next, join(directory, 'origin.json'));
}
