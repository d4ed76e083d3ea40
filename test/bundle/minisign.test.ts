import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeIndex } from '#bundle/index/write-index';
import { generateKeyPair, writeKeyPair } from '#bundle/signature/key-pair';
import { openSecretKey } from '#bundle/signature/secret-key';
import { signIndex } from '#bundle/signature/sign-index';
import { verifyBundle } from '#bundle/verify/verify-bundle';

const password = 'open sesame';
let folder: string;
let place: string;
let index: string;
let signature: string;
const ours = { plain: keyFiles('ours'), encrypted: keyFiles('ours-encrypted') };
const theirs = { plain: keyFiles('theirs'), encrypted: keyFiles('theirs-encrypted') };

function keyFiles(name: string) {
  return { publicFile: `${name}.pub`, secretFile: `${name}.key` };
}

/** Debian's minisign; it asks for passwords on its input. Gives its exit code and all that it prints. */
function minisign(words: readonly string[], input = ''): Promise<{ exit: number; told: string }> {
  const { promise, resolve } = Promise.withResolvers<{ exit: number; told: string }>();
  const child = execFile('minisign', words, { cwd: folder }, (error, stdout, stderr) =>
    resolve({ exit: error === null ? 0 : Number(error.code), told: stdout + stderr }),
  );
  // It may have ended before it was asked anything.
  child.stdin?.on('error', () => undefined).end(input);
  return promise;
}

async function ourKey({ secretFile }: { secretFile: string }) {
  return openSecretKey(await readFile(join(folder, secretFile), 'utf8'), secretFile, async () => password);
}

async function seenBy({ publicFile }: { publicFile: string }) {
  const trusted = [await readFile(join(folder, publicFile), 'utf8')];
  return (await verifyBundle(place, { trusted })).signature;
}

const acceptedBy = ({ publicFile }: { publicFile: string }) => minisign(['-V', '-p', publicFile, '-m', index]);

async function changed(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(from, to));
  onTestFinished(() => writeFile(file, text));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'novasphere-minisign-'));
  place = join(folder, 'bundle');
  index = join(place, 'bundle.yaml');
  signature = `${index}.minisig`;
  await mkdir(place);
  await writeFile(join(place, 'a'), 'a file');
  await makeIndex(place, { release: '0.1.0', architecture: 'amd64' });
  for (const [files, lock] of [
    [ours.plain, 'unencrypted'],
    [ours.encrypted, { password }],
  ] as const) {
    const [publicFile, secretFile] = [join(folder, files.publicFile), join(folder, files.secretFile)];
    await writeKeyPair(await generateKeyPair(lock), { publicFile, secretFile });
  }
  const generate = ['-G', '-p', theirs.plain.publicFile, '-s', theirs.plain.secretFile, '-W'];
  expect(await minisign(generate)).toMatchObject({ exit: 0 });
  const encrypt = ['-G', '-p', theirs.encrypted.publicFile, '-s', theirs.encrypted.secretFile];
  expect(await minisign(encrypt, `${password}\n${password}\n`)).toMatchObject({ exit: 0 });
  return () => rm(folder, { recursive: true });
});

describe('signatures of ours', () => {
  it.each([
    ['our own key', ours.plain],
    ['our own key with a password', ours.encrypted],
    ['a key that minisign made', theirs.plain],
    ['a key with a password that minisign made', theirs.encrypted],
  ])('by %s are accepted by minisign', async (_, files) => {
    await signIndex(place, await ourKey(files), 'for plant 7');

    expect(await acceptedBy(files)).toEqual({
      exit: 0,
      told: 'Signature and comment signature verified\nTrusted comment: for plant 7\n',
    });
    expect(await seenBy(files)).toMatchObject({ kind: 'trusted', comment: 'for plant 7' });
  });

  it('show the number of a key as minisign does', async () => {
    const { keyId } = await ourKey(theirs.plain);

    expect(await readFile(join(folder, theirs.plain.publicFile), 'utf8')).toContain(`minisign public key ${keyId}\n`);
    const recreated = await minisign(['-R', '-p', 'again.pub', '-s', ours.plain.secretFile]);
    expect(recreated).toMatchObject({ exit: 0 });
    expect(await readFile(join(folder, 'again.pub'), 'utf8')).toBe(
      await readFile(join(folder, ours.plain.publicFile), 'utf8'),
    );
  });
});

describe('signatures of minisign', () => {
  it.each([
    ['its own key', theirs.plain, []],
    ['its own key with a password', theirs.encrypted, []],
    ['its own key, of the content itself', theirs.plain, ['-l']],
    ['a key of ours', ours.plain, []],
    ['a key of ours with a password', ours.encrypted, []],
  ])('by %s are accepted', async (_, { publicFile, secretFile }, words) => {
    const sign = ['-S', '-s', secretFile, '-m', index, '-t', 'for plant 8', ...words];
    expect(await minisign(sign, `${password}\n`)).toMatchObject({ exit: 0 });

    expect(await seenBy({ publicFile })).toMatchObject({ kind: 'trusted', comment: 'for plant 8' });
  });
});

describe('both refuse', () => {
  beforeAll(async () => {
    await signIndex(place, await ourKey(ours.plain), 'for plant 7');
  });

  it('an index with another byte', async () => {
    await changed(index, 'release: 0.1.0', 'release: 0.1.1');

    expect(await seenBy(ours.plain)).toEqual({ kind: 'forged', detail: 'it is the signature of something else' });
    expect(await acceptedBy(ours.plain)).toMatchObject({
      exit: 1,
      told: expect.stringContaining('verification failed'),
    });
  });

  it('another trusted comment', async () => {
    await changed(signature, 'for plant 7', 'for plant 9');

    expect(await seenBy(ours.plain)).toEqual({ kind: 'forged', detail: 'its trusted comment was changed' });
    expect(await acceptedBy(ours.plain)).toMatchObject({
      exit: 1,
      told: expect.stringContaining('Comment signature verification failed'),
    });
  });

  it('another key', async () => {
    const { keyId } = await ourKey(ours.plain);

    expect(await seenBy(theirs.plain)).toEqual({ kind: 'unknown', keyId });
    expect(await acceptedBy(theirs.plain)).toMatchObject({ exit: 1, told: expect.stringContaining(keyId) });
  });

  it('a secret key with another password', async () => {
    const { secretKey } = await generateKeyPair({ password, limits: { operations: 32_768, memory: 2 ** 20 } });
    await writeFile(join(folder, 'cheap.key'), secretKey);

    await expect(openSecretKey(secretKey, 'cheap', async () => 'shut barley')).rejects.toMatchObject({
      code: 'KEY-INVALID',
    });
    const sign = ['-S', '-s', 'cheap.key', '-m', index, '-x', 'other.minisig'];
    expect(await minisign(sign, `${password}\n`)).toMatchObject({ exit: 0 });
    expect(await minisign(sign, 'shut barley\n')).toMatchObject({
      exit: 2,
      told: expect.stringContaining('Wrong password for that key'),
    });
  });
});
