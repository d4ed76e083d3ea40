import { zstdDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { digestOf, layerOf } from './layer.ts';

const files = [
  { path: 'usr/bin/node', bytes: Buffer.from('program'), executable: true },
  { path: 'etc/passwd', bytes: Buffer.from('nonroot') },
];

/** Path, mode, owner, group, time and kind of each header: all numbers are octal in the format. */
function headers(tar: Buffer): readonly string[] {
  const found: string[] = [];
  for (let at = 0; tar[at] !== 0; ) {
    const field = (from: number, to: number) => tar.toString('latin1', at + from, at + to).replace(/\0.*$/, '');
    found.push(
      [field(0, 100), field(100, 108), field(108, 116), field(116, 124), field(136, 148), field(156, 157)].join(' '),
    );
    at += 512 + Math.ceil(Number.parseInt(field(124, 136), 8) / 512) * 512;
  }
  return found;
}

describe('a layer of an image', () => {
  it('holds files and the folders above them, root’s own, from the first of January 1970', () => {
    expect(headers(zstdDecompressSync(layerOf(files).blob.bytes))).toEqual([
      'etc/ 0000755 0000000 0000000 00000000000 5',
      'etc/passwd 0000644 0000000 0000000 00000000000 0',
      'usr/ 0000755 0000000 0000000 00000000000 5',
      'usr/bin/ 0000755 0000000 0000000 00000000000 5',
      'usr/bin/node 0000755 0000000 0000000 00000000000 0',
    ]);
  });

  it('is the same in whatever order its files come', () => {
    expect(layerOf(files.toReversed())).toEqual(layerOf(files));
  });

  it('is known by the digests of what travels and of what is inside', () => {
    const { blob, diffId, unpacked } = layerOf(files);
    const tar = zstdDecompressSync(blob.bytes);

    expect({ digest: blob.digest, diffId, unpacked }).toEqual({
      digest: digestOf(blob.bytes),
      diffId: digestOf(tar),
      unpacked: tar.length,
    });
  });
});
