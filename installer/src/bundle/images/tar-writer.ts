/** Format: POSIX.1-1988 “ustar”, blocks of 512 bytes. No time, owner or machine goes in: equal input gives equal bytes. */
const block = 512;

/** Header of a file or, without a size, of a directory. `path` has at most 100 bytes. */
export function tarHeader(path: string, size?: number, executable = false): Buffer {
  const header = Buffer.alloc(block);
  if (header.write(path, 0, 'utf8') !== Buffer.byteLength(path) || Buffer.byteLength(path) > 100)
    throw new RangeError(`${path} is longer than the 100 bytes that a header has for a name`);
  header.write(size === undefined || executable ? '0000755\0' : '0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  writeSize(header, size ?? 0);
  header.write('00000000000\0', 136);
  header.write(size === undefined ? '5' : '0', 156);
  header.write('ustar\x0000', 257, 'latin1');
  header.write('        ', 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** What fills the last block of a file. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((block - (size % block)) % block);
}

/** Two empty blocks. */
export const tarEnd: Buffer = Buffer.alloc(2 * block);

/** Octal up to 8 GiB, as POSIX has it; above, binary with the first bit set, as GNU tar and Go read and write it. */
function writeSize(header: Buffer, size: number): void {
  if (size < 8 ** 11) return void header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.writeUInt8(0x80, 124);
  header.writeBigUInt64BE(BigInt(size), 128);
}
