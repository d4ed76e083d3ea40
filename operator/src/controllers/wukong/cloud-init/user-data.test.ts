import * as fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { documentsOf, salt, seenCloudInit } from '../../../../../test/fixtures/seen-cloud-init.ts';
import { press } from '../../../../../test/fixtures/seen-networks.ts';
import type { CloudInitUser } from '../../../api/wukong.ts';
import { planCloudInit } from './plan-cloud-init.ts';
import { userData } from './user-data.ts';

const planOf = (user: CloudInitUser, secrets: Parameters<typeof seenCloudInit>[0] = {}, stored?: string) =>
  planCloudInit(
    press(undefined, { cloudInitUser: user }),
    [],
    seenCloudInit(secrets, stored === undefined ? undefined : { userdata: stored }),
  );
const read = (text: string | undefined): Json => load(text ?? '');
const passwordSecretRef = { name: 'word', key: 'password' };
const hash = `$6$${salt}$${'a'.repeat(86)}`;

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom('on', '1e3', '12:30:45', '- a', '{}', '#x', 'a: b', '~'),
);
const users: fc.Arbitrary<CloudInitUser> = fc.record(
  { name: text, sudo: text, shell: text, groups: fc.array(text, { maxLength: 4 }), lockPasswd: fc.boolean() },
  { requiredKeys: ['name'] },
);

describe('the user data of a guest', () => {
  it('read back as what was said, whatever was said', () => {
    fc.assert(
      fc.property(users, fc.option(fc.constant(hash), { nil: undefined }), fc.array(text), (user, passwd, keys) => {
        const written = userData(user, passwd, keys);
        const { users: list, ssh_pwauth, ...rest } = read(written);
        expect(written.startsWith('#cloud-config\n')).toBe(true);
        expect(rest).toEqual({});
        expect(ssh_pwauth).toBe(passwd !== undefined && user.lockPasswd !== true);
        expect(list).toHaveLength(1);
        expect(list[0]).toMatchObject({ name: user.name, lock_passwd: user.lockPasswd === true });
        expect(list[0].sudo).toBe(user.sudo === '' ? undefined : (user.sudo ?? 'ALL=(ALL) NOPASSWD:ALL'));
        expect(list[0].groups).toEqual(user.groups ?? expect.arrayContaining(['sudo', 'netdev']));
        expect(list[0].passwd).toBe(passwd);
        expect(list[0].ssh_authorized_keys ?? []).toEqual(keys);
      }),
    );
  });

  it('B15: take a user name for a name, whatever is written into it', () => {
    const { userdata } = documentsOf(planOf({ name: 'a\nruncmd: [reboot]', groups: ['x"]\nbootcmd: [reboot]'] }));

    expect(Object.keys(read(userdata))).toEqual(['users', 'ssh_pwauth']);
    expect(read(userdata).users[0].name).toBe('a\nruncmd: [reboot]');
  });

  it('B14: have a password in no other form than its hash', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z]{12,30}$/), fc.boolean(), (password, isRef) => {
        const plan = isRef
          ? planOf({ name: 'ana', passwordSecretRef }, { word: { password } })
          : planOf({ name: 'ana', password });
        const everything = JSON.stringify([plan, documentsOf(plan)]);
        expect(everything).not.toContain(password);
        expect(everything).not.toContain(Buffer.from(password).toString('base64').slice(0, 16));
        expect(read(documentsOf(plan).userdata).users[0].passwd).toMatch(/^\$6\$/);
      }),
      { numRuns: 20 },
    );
  });

  it('are the same bytes with every pass, from the first on', () => {
    const user = { name: 'ana', password: 'correct horse' };
    const first = documentsOf(planOf(user)).userdata;
    const other = first?.replace(salt, 'ponmlkjihgfedcba');

    expect(documentsOf(planOf(user, {}, first)).userdata).toBe(first);
    expect(documentsOf(planOf(user, {}, other)).userdata).toBe(first);
    expect(documentsOf(planOf({ ...user, password: 'another' }, {}, first)).userdata).not.toBe(first);
  });

  it('keep the hash that is stored, also with a salt that was never made here', () => {
    const stored = userData(
      { name: 'ana' },
      '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
      [],
    );
    const { userdata } = documentsOf(planOf({ name: 'bo', password: 'Hello world!' }, {}, stored));

    expect(read(userdata).users[0]).toMatchObject({ name: 'bo', passwd: read(stored).users[0].passwd });
  });

  it('let a hash that is given win, and touch it in no way', () => {
    const plan = planOf({ name: 'ana', passwordHash: '$y$j9T$abc$def', password: 'correct horse' });

    expect(read(documentsOf(plan).userdata).users[0].passwd).toBe('$y$j9T$abc$def');
  });

  it('take a password of a file without its end of line', () => {
    const plain = documentsOf(planOf({ name: 'ana', password: 'correct horse' }));
    const filed = documentsOf(planOf({ name: 'ana', passwordSecretRef }, { word: { password: 'correct horse\n' } }));

    expect(filed).toEqual(plain);
  });

  it.for([
    [
      {},
      'the Secret word with the password of the user is not there; make it, or correct cloudInitUser.passwordSecretRef',
    ],
    [
      { word: { password: '\n' } },
      'the Secret word has no password under the key password; add it, or correct cloudInitUser.passwordSecretRef',
    ],
  ] as const)('wait for a password that is not there (%j)', ([secrets, message]) => {
    expect(planOf({ name: 'ana', passwordSecretRef }, secrets)).toEqual({
      objects: [],
      disks: [],
      volumes: [],
      mistakes: [],
      waits: { status: 'False', reason: 'MissingDependency', message },
    });
  });

  it('say that the Wukong itself still holds a password, without saying it', () => {
    expect(planOf({ name: 'ana', password: 'correct horse' }).note).toBe(
      'the guest gets a hash of cloudInitUser.password, but the Wukong itself still holds the password as plain text, and so may its annotation of kubectl apply; give passwordHash or passwordSecretRef instead',
    );
    expect(planOf({ name: 'ana', passwordSecretRef }, { word: { password: 'correct horse' } }).note).toBeUndefined();
  });

  it('refuse a password that would be hashed wrongly', () => {
    expect(planOf({ name: 'ana', password: 'x'.repeat(64) })).toMatchObject({
      objects: [],
      mistakes: [
        {
          reason: 'InvalidSpec',
          message:
            'spec.cloudInitUser.password: a password of no characters, or of 64 bytes or a multiple, cannot be hashed here; take one of another length, or give passwordHash',
        },
      ],
    });
  });
});
