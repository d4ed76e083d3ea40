import { createHash } from 'node:crypto';
import { constants, zstdCompressSync } from 'node:zlib';
import { tarEnd, tarHeader, tarPadding } from '#bundle/images/tar-writer';

/** A file of an image. Everybody may read it, nobody but root change it. */
export interface ImageFile {
  /** `usr/bin/node` */
  readonly path: string;
  readonly bytes: Buffer;
  readonly executable?: boolean;
}

export interface Blob {
  /** `sha256:…` */
  readonly digest: string;
  readonly bytes: Buffer;
}

export interface Layer {
  readonly blob: Blob;
  /** Digest of what is inside, before compression. */
  readonly diffId: string;
  /** Bytes before compression. */
  readonly unpacked: number;
}

/**
 * Files and the folders above them, as a layer. With zstd, because its output is the same on every processor; zlib as
 * Node.js has it hashes with other instructions on other processors, and then finds other matches.
 */
export function layerOf(files: readonly ImageFile[]): Layer {
  const folders = [...new Set(files.flatMap(({ path }) => foldersAbove(path)))];
  const parts = [
    ...folders.map((path) => ({ path, parts: [tarHeader(path)] })),
    ...files.map(({ path, bytes, executable }) => {
      return { path, parts: [tarHeader(path, bytes.length, executable), bytes, tarPadding(bytes.length)] };
    }),
  ];
  const sorted = parts.toSorted((a, b) => (a.path < b.path ? -1 : 1)).flatMap((one) => one.parts);
  const tar = Buffer.concat([...sorted, tarEnd]);
  const bytes = zstdCompressSync(tar, { params: { [constants.ZSTD_c_compressionLevel]: 9 } });
  return { blob: blobOf(bytes), diffId: digestOf(tar), unpacked: tar.length };
}

export function blobOf(bytes: Buffer): Blob {
  return { digest: digestOf(bytes), bytes };
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** `usr/bin/node` → `usr/`, `usr/bin/`. */
function foldersAbove(path: string): readonly string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => `${names.slice(0, index + 1).join('/')}/`);
}
