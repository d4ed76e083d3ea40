import type { Verdict } from '../plan.ts';

/** Either public keys, each on one line, or why there are none yet. */
export type SshKeys = { readonly keys: readonly string[] } | { readonly waits: Verdict };

/** Where keys are looked for first. */
const usual = ['ssh-publickey', 'id_rsa.pub', 'authorized_keys', 'publickey'];

const algorithm =
  '(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-ssh-ed25519@openssh\\.com|sk-ecdsa-sha2-nistp256@openssh\\.com)';
const publicKey = new RegExp(`^(${algorithm}) ([A-Za-z0-9+/]+={0,2})(?: [^\\p{Cc}]*)?$`, 'u');

/** Takes what is a public key through and through: a Secret with a private key beside it gives none of that away. */
export function sshKeys(name: string, data: Readonly<Record<string, string>> | undefined): SshKeys {
  if (data === undefined)
    return waiting(`the Secret ${name} with the SSH keys is not there; make it, or correct sshKeySecret`);
  const others = Object.keys(data)
    .filter((key) => !usual.includes(key))
    .toSorted();
  for (const key of [...usual, ...others]) {
    const keys = publicKeys(data[key] ?? '');
    if (keys.length > 0) return { keys };
  }
  const hasPrivate = Object.values(data).some((text) => text.includes('PRIVATE KEY'));
  const why = hasPrivate
    ? `the Secret ${name} has a private key and no public one, and a private key is not given to a guest`
    : `the Secret ${name} has no OpenSSH public key`;
  return waiting(`${why}; put one there, as ssh-publickey, such as ssh-ed25519 AAAA…`);
}

/** All lines or none: blank ones and comments aside. */
function publicKeys(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const keys = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return keys.every(isPublicKey) ? [...new Set(keys)] : [];
}

/** The key says again of which algorithm it is, so what merely looks like one is found out. */
function isPublicKey(line: string): boolean {
  const found = publicKey.exec(line);
  if (found === null) return false;
  const [, type = '', body = ''] = found;
  const bytes = Buffer.from(body, 'base64');
  if (bytes.length < 4 + type.length) return false;
  return bytes.readUInt32BE(0) === type.length && bytes.subarray(4, 4 + type.length).toString('latin1') === type;
}

function waiting(message: string): SshKeys {
  return { waits: { status: 'False', reason: 'SSHKeySecretNotFound', message } };
}
