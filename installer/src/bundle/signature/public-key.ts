import { createPublicKey, type KeyObject } from 'node:crypto';
import { keyFault } from './key-fault.ts';
import { decoded, keyIdOf, keyLine } from './minisign-text.ts';

/** Bytes of algorithm, number and key in a public key of minisign. */
const length = 2 + 8 + 32;
/** Characters of the line of a secret key, which people take for the public one. */
const secretLine = 212;

export interface PublicKey {
  /** As minisign prints it: `533098BF86C9A709`. */
  readonly keyId: string;
  readonly key: KeyObject;
}

/** Reads a public key: minisign's file, or its base64 alone. `place` says where it comes from, in messages. */
export function parsePublicKey(text: string, place: string): PublicKey {
  const line = keyLine(text) ?? '';
  if (line.length === secretLine && decoded(line, 158) !== undefined)
    throw invalid('this is a secret key, and a public key is wanted', place);
  const bytes = decoded(line, length);
  if (bytes === undefined || bytes.toString('latin1', 0, 2) !== 'Ed')
    throw invalid('this is no public key of minisign', place, 'one is 56 characters long and begins with RW');
  return { keyId: keyIdOf(bytes.subarray(2, 10)), key: publicKeyOf(bytes.subarray(10)) };
}

/** The line of a public key. */
export function publicKeyLine(number: Uint8Array, raw: Uint8Array): string {
  return Buffer.concat([Buffer.from('Ed'), number, raw]).toString('base64');
}

function publicKeyOf(raw: Buffer): KeyObject {
  return createPublicKey({
    format: 'jwk',
    key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') },
  });
}

function invalid(message: string, place: string, cause?: string) {
  return keyFault(
    message,
    place,
    ['name the file that ends in .pub', 'minisign -R -s KEY.key -p KEY.pub  writes the public key of a secret key'],
    cause,
  );
}
