import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { access, writeFile } from 'node:fs/promises';
import { keyFault } from './key-fault.ts';
import { keyIdOf, textOf } from './minisign-text.ts';
import { publicKeyLine } from './public-key.ts';
import {
  checksumOf,
  coveredLength,
  coverOf,
  encrypted,
  type Limits,
  sensitive,
  unencrypted,
  xored,
} from './secret-key-layout.ts';

/** What covers a new secret key. */
export type KeyLock = { readonly password: string; readonly limits?: Limits } | 'unencrypted';

export interface KeyPair {
  /** As minisign prints it: `533098BF86C9A709`. */
  readonly keyId: string;
  /** Text of the file `….pub`. */
  readonly publicKey: string;
  /** Text of the file `….key`. */
  readonly secretKey: string;
}

/** A new pair in the files of minisign. */
export async function generateKeyPair(lock: KeyLock): Promise<KeyPair> {
  if (lock !== 'unencrypted' && lock.password === '')
    throw keyFault('the password of the new key is empty', 'the new key', ['give a password of one line']);
  const { privateKey } = generateKeyPairSync('ed25519');
  const { d = '', x = '' } = privateKey.export({ format: 'jwk' });
  const raw = Buffer.from(x, 'base64url');
  const number = randomBytes(8);
  const laidOpen = Buffer.concat([number, Buffer.from(d, 'base64url'), raw]);
  const keyId = keyIdOf(number);
  const bytes = await covered(Buffer.concat([laidOpen, checksumOf(laidOpen)]), lock);
  const kind = lock === 'unencrypted' ? 'secret key without a password' : 'encrypted secret key';
  return {
    keyId,
    publicKey: textOf(`minisign public key ${keyId}`, publicKeyLine(number, raw)),
    secretKey: textOf(`minisign ${kind}`, bytes.toString('base64')),
  };
}

async function covered(laidOpen: Buffer, lock: KeyLock): Promise<Buffer> {
  const head = Buffer.alloc(48);
  if (lock === 'unencrypted') return Buffer.concat([Buffer.from(unencrypted), head, laidOpen]);
  const { password, limits = sensitive } = lock;
  const salt = randomBytes(32);
  salt.copy(head);
  head.writeBigUInt64LE(BigInt(limits.operations), 32);
  head.writeBigUInt64LE(BigInt(limits.memory), 40);
  const cover = await coverOf(password, salt, limits);
  return Buffer.concat([Buffer.from(encrypted), head, xored(laidOpen, cover.subarray(0, coveredLength))]);
}

export interface KeyFiles {
  readonly publicFile: string;
  readonly secretFile: string;
}

/** Writes both files, the secret one for its owner alone. Never over a file that is there: a key cannot be made again. */
export async function writeKeyPair(pair: KeyPair, { publicFile, secretFile }: KeyFiles): Promise<void> {
  for (const file of [publicFile, secretFile]) {
    const free = await access(file).then(
      () => false,
      () => true,
    );
    if (!free) throw taken(file);
  }
  await write(secretFile, pair.secretKey, 0o600);
  await write(publicFile, pair.publicKey, 0o644);
}

async function write(file: string, text: string, mode: number): Promise<void> {
  await writeFile(file, text, { mode, flag: 'wx', flush: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw taken(file);
    throw keyFault('the new key cannot be written', `file ${file}`, ['name a directory that you may write to'], error);
  });
}

function taken(file: string) {
  return keyFault('there is a file already where the new key would be written', `file ${file}`, [
    'choose another name for the key: without the old one nothing can be signed by it any more',
  ]);
}
