import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateKeyPair } from '#bundle/signature/key-pair';
import { machineKeys } from './machine-keys.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'novasphere-keys-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the keys that a machine trusts', () => {
  it('are those of all files *.pub, in the order of their names', async () => {
    const [one, two] = await Promise.all([generateKeyPair('unencrypted'), generateKeyPair('unencrypted')]);
    await writeFile(join(folder, 'b.pub'), one.publicKey);
    await writeFile(join(folder, 'a.pub'), two.publicKey);
    await writeFile(join(folder, 'a.key'), one.secretKey);
    await writeFile(join(folder, 'README'), 'not a key');

    const lines = [two, one].map(({ publicKey }) => publicKey.trim().split('\n').at(-1));
    expect(await machineKeys(folder)).toEqual(lines);
  });

  it('are none where nobody has put any', async () => {
    expect(await machineKeys(join(folder, 'not-there'))).toEqual([]);
  });

  it('are refused by the name of the file when one of them is no key', async () => {
    await writeFile(join(folder, 'a.pub'), 'ssh-ed25519 AAAA me@plant7.example\n');

    await expect(machineKeys(folder)).rejects.toMatchObject({
      code: 'KEY-INVALID',
      message: 'this is no public key of minisign',
      where: [`file ${join(folder, 'a.pub')}`],
    });
  });
});
