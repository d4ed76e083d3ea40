import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { keyFault } from './key-fault.ts';
import { decoded, keyIdOf, keyLine } from './minisign-text.ts';
import {
  checksumOf,
  coverOf,
  encrypted,
  scryptParameters,
  secretKeyLength,
  unencrypted,
  xored,
} from './secret-key-layout.ts';

export interface SecretKey {
  /** As minisign prints it: `533098BF86C9A709`. */
  readonly keyId: string;
  /** Eight bytes, as they stand in a signature. */
  readonly number: Buffer;
  readonly key: KeyObject;
}

/** More than any program asks for; a damaged file could ask for everything. */
const mostMemory = 2 ** 32;

/**
 * Reads a secret key file of minisign. `password` is asked only when the key is encrypted; `place` says where the key
 * comes from, in messages. A Fault KEY-INVALID for what is no such key, is damaged, or has another password.
 */
export async function openSecretKey(text: string, place: string, password: () => Promise<string>): Promise<SecretKey> {
  const bytes = decoded(keyLine(text) ?? '', secretKeyLength);
  const kind = bytes?.toString('latin1', 0, 6);
  if (bytes === undefined || (kind !== encrypted && kind !== unencrypted)) throw noSecretKey(place);
  if (kind === unencrypted) return secretKeyOf(bytes.subarray(54), place, damaged(place));
  const limits = { operations: Number(bytes.readBigUInt64LE(38)), memory: Number(bytes.readBigUInt64LE(46)) };
  const { N, r, p } = scryptParameters(limits);
  if (128 * N * r > mostMemory || p > 1024) throw damaged(place);
  const cover = await coverOf(await password(), bytes.subarray(6, 38), limits).catch((error: unknown) => {
    throw noMemory(place, 128 * N * r, error);
  });
  return secretKeyOf(xored(bytes.subarray(54), cover), place, wrongPassword(place));
}

/** `covered` laid open; `otherwise` is thrown when its checksum is not of it. */
function secretKeyOf(covered: Buffer, place: string, otherwise: Error): SecretKey {
  const number = Buffer.from(covered.subarray(0, 8));
  const checksum = covered.subarray(72);
  // minisign leaves the checksum of a key without password empty.
  const empty = checksum.every((byte) => byte === 0);
  if (!empty && !checksum.equals(checksumOf(covered.subarray(0, 72)))) throw otherwise;
  const key = privateKeyOf(covered.subarray(8, 40), covered.subarray(40, 72));
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  if (x !== covered.toString('base64url', 40, 72)) throw empty ? damaged(place) : otherwise;
  return { keyId: keyIdOf(number), number, key };
}

export function privateKeyOf(seed: Buffer, publicKey: Buffer): KeyObject {
  const [d, x] = [seed.toString('base64url'), publicKey.toString('base64url')];
  return createPrivateKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', d, x } });
}

function noSecretKey(place: string) {
  return keyFault('this is no secret key of minisign', place, [
    'name the file that minisign -G or novasphere bundle keys wrote, which ends in .key',
  ]);
}

function damaged(place: string) {
  return keyFault('the secret key is damaged: it is not what its checksum says', place, [
    'take the copy of the key that was put away when it was made',
  ]);
}

function wrongPassword(place: string) {
  return keyFault('the password does not open the secret key', place, [
    'give the password that was set when the key was made',
    'minisign -R -s KEY.key -p /tmp/KEY.pub  tells whether minisign takes the password',
  ]);
}

function noMemory(place: string, bytes: number, cause: unknown) {
  const wanted = `${Math.ceil(bytes / 2 ** 20)} MiB`;
  return keyFault(
    `the secret key cannot be opened: to try its password takes ${wanted} of memory`,
    place,
    ['free -h  shows how much memory there is', 'sign on a machine with more memory'],
    cause,
  );
}
