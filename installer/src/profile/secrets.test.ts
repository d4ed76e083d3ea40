import { describe, expect, it } from 'vitest';
import { loadProfile } from './load.ts';
import { madeUpSecrets, resolveSecrets, type SecretReader } from './secrets.ts';

const { profile } = loadProfile(
  `apiVersion: novasphere.dev/v1alpha1
kind: Profile
metadata: {name: x}
nodes: [{name: a, network: {management: {match: {mac: 3c:ec:ef:00:00:01}, dhcp: true}}}]
host: {users: [{name: u, passwordHash: {fromEnv: HASH}}]}
cluster: {k3s: {token: {fromFile: /s/token}}}
`,
  'p.yaml',
);

function reader(text: string | undefined, mode = 0o600, env: string | undefined = '$6$x$y'): SecretReader {
  return { file: async () => (text === undefined ? undefined : { text, mode }), env: () => env };
}

describe('secrets of a run', () => {
  it('are read once, without the line end, and known to whoever must not write them down', async () => {
    const secrets = await resolveSecrets(profile, reader('s3cret\n'));

    expect(secrets.reveal({ fromFile: '/s/token' }).reveal()).toBe('s3cret');
    expect(secrets.reveal({ fromEnv: 'HASH' }).reveal()).toBe('$6$x$y');
    expect([...secrets.revealed()]).toEqual(['$6$x$y', 's3cret']);
  });

  it.each<[string, SecretReader, string, string]>([
    [
      'missing',
      reader(undefined),
      'the secret cluster.k3s.token is missing: there is no file /s/token',
      'sudo install -m 600 /dev/stdin /s/token',
    ],
    [
      'empty',
      reader(' \n'),
      'the secret cluster.k3s.token is empty: /s/token',
      'sudo install -m 600 /dev/stdin /s/token',
    ],
    [
      'of several lines',
      reader('a\nb\n'),
      'the secret cluster.k3s.token has more than one line: /s/token',
      'sudo install -m 600 /dev/stdin /s/token',
    ],
    [
      'open to everybody',
      reader('x', 0o644),
      'the secret cluster.k3s.token is open to everybody: /s/token has mode 0644',
      'sudo chmod 600 /s/token',
    ],
    [
      'not set',
      { ...reader('x'), env: () => undefined },
      'the secret host.users[0].passwordHash is missing: the environment variable HASH is not set',
      'export HASH=…',
    ],
    [
      'unreadable',
      { ...reader('x'), file: async () => Promise.reject(new Error('EACCES')) },
      'the secret cluster.k3s.token cannot be read: /s/token',
      'sudo ls -l /s/token',
    ],
  ])('are refused when %s', async (_name, from, message, remedy) => {
    await expect(resolveSecrets(profile, from)).rejects.toMatchObject({
      code: 'PROFILE-SECRET',
      message,
      remedy: [remedy],
    });
  });

  it('are all told of in one fault', async () => {
    await expect(resolveSecrets(profile, { ...reader(undefined), env: () => '' })).rejects.toMatchObject({
      message: '2 secrets of the profile cannot be had',
      where: ['host.users[0].passwordHash', 'cluster.k3s.token'],
    });
  });

  it('that the profile does not name are not given', async () => {
    const secrets = await resolveSecrets(profile, reader('s3cret'));

    expect(() => secrets.reveal({ fromFile: '/etc/shadow' })).toThrow(
      'a secret that the profile does not name was asked for: file /etc/shadow',
    );
  });

  it('are made up for rehearsals', async () => {
    const secrets = await resolveSecrets(profile, madeUpSecrets());

    expect([...secrets.revealed()]).toEqual(['made-up-HASH', 'made-up-s-token']);
  });
});
