import { createHash, type Hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Digested } from '#bundle/store/blob-store';
import type { Origin, Part } from '#bundle/store/part';

/** More came than there may be. */
export class TooLong extends Error {
  readonly size: number;
  constructor(size: number) {
    super(`longer than ${size} bytes`);
    this.size = size;
  }
}

/** The store did not take it. */
export class Unwritable extends Error {}

/** Bytes that are written at a time: fewer, larger writes cost less. */
const batchBytes = 1 << 20;
/** Bytes that may wait to be written. */
const mostBehind = 8 << 20;

interface Taking {
  /** Where it comes from when it comes from its first byte on. */
  readonly origin?: Origin | undefined;
  /** Bytes that there may be in the end. */
  readonly limit?: number | undefined;
}

/** Writes what comes to a part, and hashes it meanwhile: the hash is always that of the bytes in the part. */
export class Receiver {
  readonly #part: Part;
  readonly #tell: (bytes: number) => void;
  #hash: Hash = createHash('sha256');

  private constructor(part: Part, tell: (bytes: number) => void) {
    this.#part = part;
    this.#tell = tell;
  }

  /** Goes on behind what the part holds. */
  static async behind(part: Part, tell: (bytes: number) => void): Promise<Receiver> {
    const receiver = new Receiver(part, tell);
    await stored(part.read((chunk) => void receiver.#hash.update(chunk)));
    return receiver;
  }

  get size(): number {
    return this.#part.size;
  }

  get origin(): Origin | undefined {
    return this.#part.origin;
  }

  async clear(): Promise<void> {
    await stored(this.#part.clear());
    this.#hash = createHash('sha256');
  }

  /**
   * Takes a body to its end: behind what is there, or with an origin from the first byte on. What has come when it breaks
   * is kept; what comes behind `limit` is not.
   */
  async take(body: Readable, { origin, limit = Number.POSITIVE_INFINITY }: Taking): Promise<void> {
    let size = origin === undefined ? this.#part.size : 0;
    const batches = new Batches((batch) => this.#write(batch), this.#begun(origin));
    // Chunk by chunk as they come: whoever iterates over a body loses what it holds back when it breaks.
    body.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        body.destroy(new TooLong(size));
        return;
      }
      // At once, while the processor has it at hand.
      this.#hash.update(chunk);
      const full = batches.add(chunk);
      if (full === undefined) return;
      body.pause();
      full.then(
        () => body.resume(),
        (error: Error) => body.destroy(error),
      );
    });
    try {
      await finished(body);
    } finally {
      await batches.end();
    }
  }

  /** What the part holds, to its last byte. */
  digest(): Digested {
    return { sha256: this.#hash.copy().digest('hex'), size: this.#part.size };
  }

  #begun(origin: Origin | undefined): Promise<void> {
    if (origin === undefined) return Promise.resolve();
    this.#hash = createHash('sha256');
    return stored(this.#part.begin(origin));
  }

  async #write(batch: readonly Uint8Array[]): Promise<void> {
    await stored(this.#part.append(batch));
    this.#tell(this.#part.size);
  }
}

async function stored(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (cause) {
    throw new Unwritable('the store cannot be written', { cause });
  }
}

/** Joins chunks to large writes, one after the other, while the next ones come. */
class Batches {
  readonly #write: (batch: readonly Uint8Array[]) => Promise<void>;
  #batch: Uint8Array[] = [];
  #held = 0;
  #behind = 0;
  #writing: Promise<void>;

  constructor(write: (batch: readonly Uint8Array[]) => Promise<void>, before: Promise<void>) {
    this.#write = write;
    this.#writing = before;
    // Whoever waits for it learns of its failure.
    this.#writing.catch(() => undefined);
  }

  /** A promise when whoever brings chunks has to wait for the disk. */
  add(chunk: Uint8Array): Promise<void> | undefined {
    this.#batch.push(chunk);
    this.#held += chunk.length;
    if (this.#held >= batchBytes) this.#flush();
    return this.#behind > mostBehind ? this.#writing : undefined;
  }

  end(): Promise<void> {
    this.#flush();
    return this.#writing;
  }

  #flush(): void {
    const [batch, held] = [this.#batch, this.#held];
    if (held === 0) return;
    this.#batch = [];
    this.#held = 0;
    this.#behind += held;
    this.#writing = this.#writing.then(() => this.#write(batch));
    this.#writing.then(
      () => {
        this.#behind -= held;
      },
      () => {
        this.#behind = Number.POSITIVE_INFINITY;
      },
    );
  }
}
