import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import { decoded, keyIdOf, linesOf, textOf } from './minisign-text.ts';
import type { SecretKey } from './secret-key.ts';

const untrusted = 'untrusted comment: ';
const trusted = 'trusted comment: ';

/** A signature file of minisign, taken apart and not yet believed. */
export interface MinisignSignature {
  readonly keyId: string;
  /** Whether the BLAKE2b-512 of the content is signed (`ED`), or the content itself (`Ed`, minisign before 0.6). */
  readonly hashed: boolean;
  readonly signature: Buffer;
  readonly comment: Buffer;
  /** Of signature and comment. */
  readonly global: Buffer;
}

/** Undefined for what is no signature. Bytes, not text: a comment of broken UTF-8 must not become another one. */
export function parseSignature(bytes: Uint8Array): MinisignSignature | undefined {
  const lines = linesOf(Buffer.from(bytes).toString('latin1'));
  const [first = '', second = '', third = '', fourth = ''] = lines;
  if (lines.length !== 4 || !first.startsWith(untrusted) || !third.startsWith(trusted)) return undefined;
  const head = decoded(second, 74);
  const global = decoded(fourth, 64);
  const algorithm = head?.toString('latin1', 0, 2);
  if (head === undefined || global === undefined || (algorithm !== 'ED' && algorithm !== 'Ed')) return undefined;
  return {
    keyId: keyIdOf(head.subarray(2, 10)),
    hashed: algorithm === 'ED',
    signature: head.subarray(10),
    comment: Buffer.from(third.slice(trusted.length), 'latin1'),
    global,
  };
}

/** Why a signature is not this key's under this content, as the end of a sentence; undefined when it is. */
export function objection(content: Uint8Array, parts: MinisignSignature, key: KeyObject): string | undefined {
  const signed = parts.hashed ? digestOf(content) : content;
  if (!verify(null, signed, key, parts.signature)) return 'it is the signature of something else';
  if (verify(null, Buffer.concat([parts.signature, parts.comment]), key, parts.global)) return undefined;
  return 'its trusted comment was changed';
}

/** The text of a signature file; `comment` is one line. */
export function signatureText(content: Uint8Array, { key, keyId, number }: SecretKey, comment: string): string {
  const signature = sign(null, digestOf(content), key);
  const global = sign(null, Buffer.concat([signature, Buffer.from(comment)]), key);
  const head = Buffer.concat([Buffer.from('ED'), number, signature]);
  const lines = [head.toString('base64'), `${trusted}${comment}`, global.toString('base64')];
  return textOf(`signature by the key ${keyId}`, ...lines);
}

function digestOf(content: Uint8Array): Buffer {
  return createHash('blake2b512').update(content).digest();
}
