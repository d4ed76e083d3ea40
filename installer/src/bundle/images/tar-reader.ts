/** A file, directory or link of a tar archive; the content of a file comes in pieces and has to be read to its end. */
export interface TarEntry {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'link';
  readonly size: number;
  /** Where a link leads to, as written. */
  readonly target: string;
  /** Whether a link's target is a path of the archive, and not relative to the link. */
  readonly isHard: boolean;
  readonly content: AsyncIterable<Buffer>;
}

/** Something that no archive of images has, or an archive that ends too early. */
export class TarError extends Error {
  override readonly name = 'TarError';
}

const block = 512;
/** No name and no attribute is longer; an archive that claims so is not read into memory. */
const longest = 1 << 20;

const kinds: Readonly<Record<string, TarEntry['kind']>> = {
  '0': 'file',
  '\0': 'file',
  '1': 'link',
  '2': 'link',
  '5': 'directory',
  '7': 'file',
};

/** Reads ustar, with the long names of POSIX (pax) and of GNU tar; one pass, nothing is kept. Throws TarError. */
export async function* readTar(source: AsyncIterable<Buffer>): AsyncGenerator<TarEntry> {
  const bytes = new Bytes(source);
  let extra: Readonly<Record<string, string>> = {};
  for (;;) {
    const header = await bytes.exactly(block);
    if (header.every((byte) => byte === 0)) return await bytes.drain();
    verify(header);
    const type = String.fromCharCode(header.readUInt8(156));
    const size = numberAt(header, 124, 12);
    if ('xgLK'.includes(type)) {
      if (size > longest) throw new TarError('a name in it is longer than a mebibyte');
      const text = await bytes.exactly(size + padding(size));
      if (type !== 'g') extra = { ...extra, ...attributes(type, text.subarray(0, size)) };
      continue;
    }
    yield* entry(bytes, header, { type, size: Number(extra['size'] ?? size), extra });
    extra = {};
  }
}

interface Head {
  readonly type: string;
  readonly size: number;
  readonly extra: Readonly<Record<string, string>>;
}

async function* entry(bytes: Bytes, header: Buffer, { type, size: claimed, extra }: Head): AsyncGenerator<TarEntry> {
  const kind = kinds[type];
  const path = extra['path'] ?? pathIn(header);
  if (kind === undefined) throw new TarError(`${JSON.stringify(path)} in it is neither a file nor a directory`);
  const size = kind === 'file' ? claimed : 0;
  const start = bytes.position;
  const target = extra['linkpath'] ?? textAt(header, 157, 100);
  yield { path, kind, size, target, isHard: type === '1', content: bytes.upTo(size) };
  if (bytes.position !== start + size) throw new Error(`${path} was not read to its end`);
  await bytes.exactly(padding(size));
}

/** Long names: of GNU (`L` a path, `K` a target), or of POSIX (lines of `LENGTH KEY=VALUE`). */
function attributes(type: string, text: Buffer): Readonly<Record<string, string>> {
  if (type !== 'x') return { [type === 'L' ? 'path' : 'linkpath']: text.toString().replace(/\0.*$/s, '') };
  const found: Record<string, string> = {};
  for (let at = 0; at < text.length; ) {
    const [head = '', length = '0'] = /^(\d+) /.exec(text.toString('latin1', at, at + 20)) ?? [];
    const line = text.subarray(at + head.length, at + Number(length)).toString();
    const equals = line.indexOf('=');
    if (Number(length) === 0 || equals < 0) throw new TarError('an extended header in it is damaged');
    found[line.slice(0, equals)] = line.slice(equals + 1, -1);
    at += Number(length);
  }
  return found;
}

function verify(header: Buffer): void {
  const blank = header.subarray(148, 156).length * 32;
  const sum = header.reduce((total, byte, index) => (index >= 148 && index < 156 ? total : total + byte), blank);
  if (sum !== numberAt(header, 148, 8)) throw new TarError('it is no tar archive, or a header in it is damaged');
}

function pathIn(header: Buffer): string {
  const prefix = textAt(header, 257, 6) === 'ustar' ? textAt(header, 345, 155) : '';
  return prefix === '' ? textAt(header, 0, 100) : `${prefix}/${textAt(header, 0, 100)}`;
}

function textAt(header: Buffer, at: number, length: number): string {
  return header
    .subarray(at, at + length)
    .toString()
    .replace(/\0.*$/s, '');
}

/** Octal, or binary with the first bit set where it is too large for that. */
function numberAt(header: Buffer, at: number, length: number): number {
  if ((header.readUInt8(at) & 0x80) !== 0) return Number(header.readBigUInt64BE(at + length - 8));
  return Number.parseInt(textAt(header, at, length).trim() || '0', 8);
}

function padding(size: number): number {
  return (block - (size % block)) % block;
}

/** A stream of pieces of any length, read by the number of bytes. */
class Bytes {
  readonly #source: AsyncIterator<Buffer>;
  #piece: Buffer = Buffer.alloc(0);
  position = 0;

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async *upTo(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0; ) {
      if (this.#piece.length === 0) this.#piece = await this.#next();
      const part = this.#piece.subarray(0, left);
      this.#piece = this.#piece.subarray(part.length);
      this.position += part.length;
      left -= part.length;
      yield part;
    }
  }

  async exactly(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of this.upTo(count)) parts.push(part);
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }

  /** Reads what follows the end, so that whoever compresses or counts sees the whole. */
  async drain(): Promise<void> {
    for (let next = await this.#source.next(); next.done !== true; ) next = await this.#source.next();
  }

  async #next(): Promise<Buffer> {
    const next = await this.#source.next();
    if (next.done === true) throw new TarError('it ends in the middle');
    return next.value;
  }
}
