import { describe, expect, it } from 'vitest';
import { tellable, veiled } from './veil.ts';

describe('what is told', () => {
  it.for([
    ['authorization: Bearer abcdefgh.ijkl', 'authorization: Bearer (kept back)'],
    ['user-data: password: hunter2, ssh_pwauth: true', 'user-data: password: (kept back), ssh_pwauth: true'],
    ['plain_text_passwd: "hunter2 too"', 'plain_text_passwd: (kept back)'],
    ['spec: Invalid value: "{\\"password\\":\\"hunter2\\"}"', 'spec: Invalid value: "{\\"password\\":(kept back)}"'],
    ['hash $6$rounds=4096$saltsalt$hashhashhash is wrong', 'hash (kept back) is wrong'],
    ['pull from https://user:hunter2@registry/x failed', 'pull from https://user:(kept back)@registry/x failed'],
    ['-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY----- was sent', '(kept back) was sent'],
    ['token eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.sig', 'token (kept back)'],
  ])('keeps back the secret in “%s”', ([text, told]) => {
    expect(veiled(text as string)).toBe(told);
  });

  it.for([
    'the Secret “press-login” has no key “password”',
    'secrets "press-login" is forbidden: User "x" cannot get resource "secrets"',
    'VirtualMachine press-vm: spec.template is immutable',
  ])('leaves alone “%s”', (text) => {
    expect(veiled(text)).toBe(text);
  });

  it('keeps back what is named like a secret, as deep as it may lie', () => {
    const object = { kind: 'Secret', list: [{ one: { data: { userdata: 'hunter2' } } }], userData: 'hunter2', size: 3 };

    expect(tellable(object)).toEqual({
      kind: 'Secret',
      list: [{ one: { data: '(kept back)' } }],
      userData: '(kept back)',
      size: 3,
    });
  });

  it('tells errors by their texts alone, and comes to an end with a cause that is its own', () => {
    const error = Object.assign(new Error('no answer: token=hunter2'), { request: 'hunter2' });
    error.cause = error;
    delete error.stack;

    const told = JSON.stringify(tellable(error));

    expect(told).toContain('no answer: token=(kept back)');
    expect(told).not.toContain('hunter2');
  });
});
