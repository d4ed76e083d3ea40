import { describe, expect, it } from 'vitest';
import { sshKeys } from './ssh-keys.ts';

/** A key that says of itself what it is; what follows does not matter to a reader of its form. */
function publicKey(type: string, comment = 'ana@plant'): string {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(type.length);
  return `${type} ${Buffer.concat([head, Buffer.from(type), Buffer.alloc(36, 7)]).toString('base64')} ${comment}`;
}
const ana = publicKey('ssh-ed25519');
const privateKey = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n';

describe('the SSH keys of a Secret', () => {
  it.for([
    'ssh-ed25519',
    'ssh-rsa',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'sk-ssh-ed25519@openssh.com',
    'sk-ecdsa-sha2-nistp256@openssh.com',
  ])('may be of the type %s', (type) => {
    expect(sshKeys('keys', { 'ssh-publickey': publicKey(type) })).toEqual({ keys: [publicKey(type)] });
  });

  it('are every line that is one, but for comments, blank lines and what is there twice', () => {
    const bo = publicKey('ssh-rsa', 'bo');

    expect(sshKeys('keys', { authorized_keys: `# the plant\n${ana}\r\n\n  ${bo}\n${ana}\n` })).toEqual({
      keys: [ana, bo],
    });
  });

  it('are looked for where they usually are, then anywhere, in an order that stays', () => {
    const data = { zeta: publicKey('ssh-rsa', 'zeta'), alpha: publicKey('ssh-rsa', 'alpha'), publickey: ana };

    expect(sshKeys('keys', data)).toEqual({ keys: [ana] });
    expect(sshKeys('keys', { zeta: data.zeta, alpha: data.alpha })).toEqual({ keys: [data.alpha] });
  });

  it('B16: never are a private key', () => {
    expect(sshKeys('keys', { id_rsa: privateKey, 'id_rsa.pub': ana })).toEqual({ keys: [ana] });
    expect(sshKeys('keys', { 'ssh-publickey': `${ana}\n${privateKey}`, other: ana })).toEqual({ keys: [ana] });
    expect(sshKeys('keys', { id_rsa: privateKey })).toEqual({
      waits: {
        status: 'False',
        reason: 'SSHKeySecretNotFound',
        message:
          'the Secret keys has a private key and no public one, and a private key is not given to a guest; put one there, as ssh-publickey, such as ssh-ed25519 AAAA…',
      },
    });
  });

  it.for([
    ['nothing', ''],
    ['a word', 'secret'],
    ['a type alone', 'ssh-ed25519'],
    ['a key of another type than it says', ana.replace('ssh-ed25519', 'ssh-rsa')],
    ['a type without an algorithm', publicKey('ssh-dss')],
    ['a comment that ends the line in another way', `${ana}\u0085runcmd: [reboot]`],
    ['options, which are not a key', `command="reboot" ${ana}`],
  ] as const)('are not %s', ([, text]) => {
    expect(sshKeys('keys', { 'ssh-publickey': text })).toEqual({
      waits: {
        status: 'False',
        reason: 'SSHKeySecretNotFound',
        message:
          'the Secret keys has no OpenSSH public key; put one there, as ssh-publickey, such as ssh-ed25519 AAAA…',
      },
    });
  });

  it('are waited for where the Secret is not there', () => {
    expect(sshKeys('keys', undefined)).toEqual({
      waits: {
        status: 'False',
        reason: 'SSHKeySecretNotFound',
        message: 'the Secret keys with the SSH keys is not there; make it, or correct sshKeySecret',
      },
    });
  });
});
