import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress, type ZstdDecompress } from 'node:zlib';

/** What is in a file, whether it is compressed with gzip, with zstd or not at all. */
export async function* decompressed(file: string): AsyncGenerator<Buffer> {
  const form = await formOf(file);
  const source = createReadStream(file, { highWaterMark: 1 << 20 });
  try {
    if (form === 'zstd') yield* unzstd(source);
    else if (form === 'gzip') yield* gunzip(source);
    else yield* source as AsyncIterable<Buffer>;
  } finally {
    source.destroy();
  }
}

function gunzip(source: Readable): AsyncIterable<Buffer> {
  const engine = createGunzip({ chunkSize: 1 << 20 });
  source.once('error', (error) => engine.destroy(error));
  return source.pipe(engine);
}

/** By the first bytes, whatever the name says. */
async function formOf(file: string): Promise<'gzip' | 'zstd' | 'plain'> {
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    if (buffer.readUInt16BE() === 0x1f8b) return 'gzip';
    const magic = buffer.readUInt32LE();
    // A skippable frame may come first, as pzstd writes it.
    return magic === 0xfd2fb528 || magic >>> 4 === 0x184d2a5 ? 'zstd' : 'plain';
  } finally {
    await handle.close();
  }
}

/**
 * An archive may have several frames, as pzstd makes them; Node's engine stops after the first one without a word, and
 * tells by `bytesWritten` how far it came. So each frame gets an engine of its own. (node lib/zlib.js, processCallback)
 */
async function* unzstd(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const input = source[Symbol.asyncIterator]();
  let rest: Buffer | undefined = await pulled(input);
  while (rest !== undefined) {
    const engine = createZstdDecompress({ chunkSize: 1 << 20 });
    const fed = feed(engine, rest, input);
    yield* engine as AsyncIterable<Buffer>;
    rest = await fed;
  }
}

/** Gives an engine its frame, and tells what lies behind it; undefined at the end. */
async function feed(engine: ZstdDecompress, first: Buffer, input: AsyncIterator<Buffer>): Promise<Buffer | undefined> {
  let given = 0;
  for (let piece: Buffer | undefined = first; piece !== undefined; piece = await pulled(input)) {
    given += piece.length;
    const current = piece;
    const failed = await new Promise<boolean>((resolve) => engine.write(current, (error) => resolve(error != null)));
    if (failed) return undefined;
    if (engine.bytesWritten < given) return piece.subarray(piece.length - (given - engine.bytesWritten));
  }
  engine.end();
  return undefined;
}

async function pulled(input: AsyncIterator<Buffer>): Promise<Buffer | undefined> {
  const next = await input.next();
  return next.done === true ? undefined : next.value;
}
