const mask = (1n << 64n) - 1n;
const initial = [
  0x6a09e667f3bcc908n,
  0xbb67ae8584caa73bn,
  0x3c6ef372fe94f82bn,
  0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n,
  0x9b05688c2b3e6c1fn,
  0x1f83d9abfb41bd6bn,
  0x5be0cd19137e2179n,
];
/** The order of the message words in the ten rounds, two of which are done twice. */
const orders = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];
/** Columns, then diagonals. */
const quarters = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

/**
 * BLAKE2b of RFC 7693 without key, for digests of another length than the 64 bytes that OpenSSL gives: minisign checks
 * its secret keys with 32. Meant for a few hundred bytes.
 */
export function blake2b(message: Uint8Array, length: number): Buffer {
  const state = BigUint64Array.from(initial);
  state[0] = word(state, 0) ^ 0x01010000n ^ BigInt(length);
  const blocks = Math.max(1, Math.ceil(message.length / 128));
  for (let block = 0; block < blocks; block++) {
    const end = Math.min((block + 1) * 128, message.length);
    compress(state, message.subarray(block * 128, end), BigInt(end), block === blocks - 1);
  }
  return littleEndian(state).subarray(0, length);
}

function compress(state: BigUint64Array, bytes: Uint8Array, count: bigint, last: boolean): void {
  const block = Buffer.alloc(128);
  block.set(bytes);
  const work = BigUint64Array.from([...state, ...initial]);
  work[12] = word(work, 12) ^ count;
  if (last) work[14] = word(work, 14) ^ mask;
  for (let round = 0; round < 12; round++) {
    const order = orders[round % 10] ?? [];
    for (const [at, quarter] of quarters.entries())
      mix(
        work,
        quarter,
        block.readBigUInt64LE(8 * (order[2 * at] ?? 0)),
        block.readBigUInt64LE(8 * (order[2 * at + 1] ?? 0)),
      );
  }
  for (let at = 0; at < 8; at++) state[at] = word(state, at) ^ word(work, at) ^ word(work, at + 8);
}

function mix(work: BigUint64Array, [a, b, c, d]: readonly [number, number, number, number], x: bigint, y: bigint) {
  work[a] = word(work, a) + word(work, b) + x;
  work[d] = turned(word(work, d) ^ word(work, a), 32n);
  work[c] = word(work, c) + word(work, d);
  work[b] = turned(word(work, b) ^ word(work, c), 24n);
  work[a] = word(work, a) + word(work, b) + y;
  work[d] = turned(word(work, d) ^ word(work, a), 16n);
  work[c] = word(work, c) + word(work, d);
  work[b] = turned(word(work, b) ^ word(work, c), 63n);
}

function turned(value: bigint, bits: bigint): bigint {
  return ((value >> bits) | (value << (64n - bits))) & mask;
}

function word(words: BigUint64Array, at: number): bigint {
  return words[at] ?? 0n;
}

function littleEndian(words: BigUint64Array): Buffer {
  const bytes = Buffer.alloc(8 * words.length);
  for (const [at, value] of words.entries()) bytes.writeBigUInt64LE(value, 8 * at);
  return bytes;
}
