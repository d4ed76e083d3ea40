import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHashable, passwordHashing } from './password.ts';

/** Salts that tell how many have been asked for. */
function counted() {
  let made = 0;
  const passwords = passwordHashing(() => `salt${String((made += 1)).padStart(12, '0')}`);
  return { passwords, made: () => made };
}
const cleartext = 'correct horse';

describe('the hash of a password', () => {
  it.for([
    ['x', '4MjOne1jVRKP4IuHRPFedC4vlQHNjvcBfQJVlfB8ciQ5YUzW2g81Pyw4sptw4femJ071/eApI0WDsBAOOCmTl0'],
    ['Grüße', 'EvLxjnnmPhtPW6.CEgSYl9c0KWnRkIB/we/b0Lk7Ucur/zTS1XKlr5gRLYBWqZblxWC.aXGu96jdZ7HPz6f0H/'],
    ['a'.repeat(63), '7FM/o7n8kZMKEMX8y6cHV/tYWFJ7F1WyCYLXWYspQuqWMEf.4K3UFQ60YiTxUeFwNSPIEcz6QvCWl9SsxKgxO/'],
    ['b'.repeat(65), 'gPDAI33pu/.EirQorQWwhp3f3UJunmCjVx2APHK8hcQ.rTWWq3DjJ8ScOrGD6Z2lpK2Qlu9jpu1Hg9IdPUqpd1'],
    ['c'.repeat(200), 'Ef0ym6Hm5FoFVvW5QNnf4IvKNHF/ms6cc1hAo7HQkxdiUw7eMmR2GUhpMiMkjRChXBk15vsdVCauWrSWLao8R.'],
    [' \t$6$', 'E.2zVyon7H7JA4K6clTIdqvTb9j5n.bBMuDMqEzKO1lJe1Yclt/7kw7M27TknbR.ZtbgJR1bBmJJPWiP7HqbE.'],
  ] as const)('of %s is the one that crypt(3) makes of it', ([password, hash]) => {
    const passwords = passwordHashing(() => 'abcdefghijklmnop');

    expect(passwords.hashOf('uid', password, undefined)).toBe(`$6$abcdefghijklmnop$${hash}`);
  });

  it('is refused at the lengths at which the library would make another', () => {
    expect([0, 1, 63, 64, 65, 127, 128, 192].filter((length) => !isHashable('ä'.repeat(length / 2)))).toEqual([
      0, 1, 64, 65, 128, 192,
    ]);
  });

  it('is made once, also while the copy of the Secret has not caught up', () => {
    const { passwords, made } = counted();
    const first = passwords.hashOf('uid', cleartext, undefined);
    const again = [undefined, first, first].map((stored) => passwords.hashOf('uid', cleartext, stored));

    expect(new Set([first, ...again]).size).toBe(1);
    expect(made()).toBe(1);
  });

  it('stays over a restart of the operator, and is verified once for it', () => {
    const stored = passwordHashing().hashOf('uid', cleartext, undefined);
    const { passwords, made } = counted();

    expect([1, 2, 3].map(() => passwords.hashOf('uid', cleartext, stored))).toEqual([stored, stored, stored]);
    expect(made()).toBe(0);
  });

  it('is another for another password, and for another owner', () => {
    const { passwords, made } = counted();
    const first = passwords.hashOf('uid', cleartext, undefined);

    expect(passwords.hashOf('uid', 'other', first)).not.toBe(first);
    expect(passwords.hashOf('another', cleartext, undefined)).not.toBe(first);
    expect(made()).toBe(3);
  });

  it.for([
    '',
    'nonsense',
    '$1$abc$def',
    '$y$j9T$abc$def',
    `$6$rounds=999999999$abcdefgh$${'a'.repeat(86)}`,
    `$6$abc$${'.'.repeat(86)}`,
  ])('is made anew when what is stored is no hash of it: %s', (stored) => {
    const { passwords, made } = counted();

    expect(passwords.hashOf('uid', cleartext, stored)).toMatch(/^\$6\$salt0{11}1\$/);
    expect(made()).toBe(1);
  });

  it('has a salt of sixteen letters that crypt knows, each time another', () => {
    const hashes = fc.sample(fc.uuid(), 5).map((owner) => passwordHashing().hashOf(owner, cleartext, undefined));

    expect(new Set(hashes).size).toBe(5);
    expect(hashes.every((one) => /^\$6\$[./0-9A-Za-z]{16}\$[./0-9A-Za-z]{86}$/.test(one))).toBe(true);
  });
});
