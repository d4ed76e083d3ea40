import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { blake2b } from './blake2b.ts';

/**
 * A secret key of minisign as bytes: algorithm (2), derivation (2), checksum's algorithm (2), salt (32), two limits of
 * the derivation (8 each, little end first), and 104 bytes that the password covers: number (8), Ed25519 seed and public
 * key (64), checksum (32). Source: src/minisign.h of minisign 0.11.
 */
export const secretKeyLength = 158;
export const coveredLength = 104;
export const encrypted = 'EdScB2';
export const unencrypted = 'Ed\0\0B2';

/** How much work it is to try one password: libsodium's names and units (operations, bytes of memory). */
export interface Limits {
  readonly operations: number;
  readonly memory: number;
}

/** What minisign takes: a second or two, and one GiB of memory. */
export const sensitive: Limits = { operations: 2 ** 25, memory: 2 ** 30 };

/** The bytes that cover a key: XOR takes them off again. */
export async function coverOf(password: string, salt: Uint8Array, limits: Limits): Promise<Buffer> {
  const { N, r, p } = scryptParameters(limits);
  const derive = promisify<string, Uint8Array, number, object, Buffer>(scrypt);
  return derive(password, salt, coveredLength, { N, r, p, maxmem: 128 * r * (N + p + 2) });
}

/** What libsodium makes of its limits (pickparams in crypto_pwhash_scryptsalsa208sha256.c). */
export function scryptParameters({ operations, memory }: Limits): { N: number; r: number; p: number } {
  const r = 8;
  const wanted = Math.max(operations, 32_768);
  if (wanted < memory / 32) return { N: powerAbove(wanted / (r * 4) / 2), r, p: 1 };
  const N = powerAbove(memory / (r * 128) / 2);
  return { N, r, p: Math.max(1, Math.floor(wanted / 4 / N / r)) };
}

/** The first power of two, from 2 on, above `half`. */
function powerAbove(half: number): number {
  let power = 2;
  while (power <= half) power *= 2;
  return power;
}

/** The checksum inside a key: of its algorithm, its number and both halves. */
export function checksumOf(numberAndKey: Uint8Array): Buffer {
  return blake2b(Buffer.concat([Buffer.from('Ed'), numberAndKey]), 32);
}

export function xored(one: Uint8Array, other: Uint8Array): Buffer {
  return Buffer.from(one.map((byte, at) => byte ^ (other[at] ?? 0)));
}
