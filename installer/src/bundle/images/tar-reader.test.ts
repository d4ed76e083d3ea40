import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTar, type TarEntry } from './tar-reader.ts';
import { tarEnd, tarHeader, tarPadding } from './tar-writer.ts';

const name = fc.stringMatching(/^[a-z0-9][a-z0-9/._-]{0,80}[a-z0-9]$/);
const file = fc.record({ path: name, content: fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)) });

function tarOf(files: readonly { readonly path: string; readonly content: Buffer }[]): Buffer {
  const parts = files.flatMap(({ path, content }) => [
    tarHeader(path, content.length),
    content,
    tarPadding(content.length),
  ]);
  return Buffer.concat([...parts, tarEnd]);
}

async function* pieces(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function read(
  bytes: Buffer,
  length = 700,
): Promise<readonly (Pick<TarEntry, 'path' | 'kind'> & { content: Buffer })[]> {
  const found = [];
  for await (const { path, kind, content } of readTar(pieces(bytes, length)))
    found.push({ path, kind, content: Buffer.concat(await Array.fromAsync(content)) });
  return found;
}

/** A header of another type, with a content of its own. */
function special(type: string, path: string, content: string): Buffer {
  const header = tarHeader(path, Buffer.byteLength(content));
  header.write(type, 156);
  header.write('        ', 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, Buffer.from(content), tarPadding(Buffer.byteLength(content))]);
}

describe('a tar archive', () => {
  test('is read as it was written, in pieces of whatever length', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(file, { maxLength: 5 }), fc.integer({ min: 1, max: 5000 }), async (files, length) => {
        expect(await read(tarOf(files), length)).toEqual(files.map((one) => ({ ...one, kind: 'file' })));
      }),
    );
  });

  test('that is cut anywhere before its end is refused', async () => {
    const whole = tarOf([{ path: 'a', content: Buffer.from('content') }]);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1024 + 511 }), async (length) => {
        await expect(read(whole.subarray(0, length))).rejects.toThrow('it ends in the middle');
      }),
    );
  });

  test('with a header that is damaged is refused', async () => {
    const whole = tarOf([{ path: 'a', content: Buffer.from('content') }]);
    whole.write('b', 0);
    await expect(read(whole)).rejects.toThrow('it is no tar archive, or a header in it is damaged');
  });

  test('may have names that are longer than a header holds, as POSIX and as GNU tar write them', async () => {
    const long = `${'folder/'.repeat(30)}file`;
    const line = ` path=${long}\n`;
    const posix = special('x', 'PaxHeader', `${line.length + 3}${line}`);
    const gnu = special('L', '././@LongLink', `${long}\0`);
    const content = Buffer.from('content');
    const short = tarOf([{ path: 'short', content }]);

    for (const extra of [posix, gnu])
      expect(await read(Buffer.concat([extra, short]))).toEqual([{ path: long, kind: 'file', content }]);
  });

  test('with a device is refused', async () => {
    await expect(read(Buffer.concat([special('3', 'dev/sda', ''), tarEnd]))).rejects.toThrow(
      '"dev/sda" in it is neither a file nor a directory',
    );
  });

  test('holds files of more than 8 GiB', async () => {
    const size = 9 * 2 ** 30;
    const entries = readTar(pieces(Buffer.concat([tarHeader('large', size)]), 512));
    const first = await entries.next();
    expect(first.value).toMatchObject({ path: 'large', size });
  });
});

test('a name of more than 100 bytes is refused by whoever writes', () => {
  expect(() => tarHeader('ä'.repeat(51), 0)).toThrow(RangeError);
});
