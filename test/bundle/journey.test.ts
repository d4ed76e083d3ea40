import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseLock } from '#catalog/lock-file';
import { novasphere, root } from '../cli/novasphere.ts';
import { hasUpstream } from '../fixtures/rehearsed.ts';
import { BundleWorks } from './bundle-works.ts';

let works: BundleWorks;
let place: string;
beforeAll(async () => {
  works = await BundleWorks.open();
  place = join(works.folder, 'bundle');
});
afterAll(() => works.close());

/** Compared with the lock of these works. */
const verify = (bundle: string, ...words: readonly string[]) =>
  novasphere(['bundle', 'verify', bundle, ...words, '--lock', works.lock]);

/** Each step stands on the ones before. */
describe.skipIf(!hasUpstream)('from the pins to a bundle that is proven and signed', () => {
  it('resolve looks up every file and every image, and says which are first-use', async () => {
    const { exitCode, out, err } = await works.bundle('resolve');

    expect(err + out).not.toContain('✖');
    expect(exitCode).toBe(0);
    const lock = parseLock(readFileSync(works.lock, 'utf8'), works.lock);
    expect(lock.assets.filter(({ sha256, size }) => sha256 === undefined || size === undefined)).toEqual([]);
    expect(lock.images.filter(({ platforms }) => !platforms.amd64 || !platforms.arm64)).toEqual([]);
    expect(out).toContain(
      `  ${lock.assets.length} files: 6 by checksums that upstream publishes, ${lock.assets.length - 6} as they were given out the first time\n  ${lock.images.length} images by digest\n`,
    );
  });

  it('resolve again asks for nothing', async () => {
    const before = readFileSync(works.lock, 'utf8');
    works.site.asked.length = 0;

    expect((await works.bundle('resolve')).exitCode).toBe(0);

    expect(works.site.asked).toEqual([]);
    expect(readFileSync(works.lock, 'utf8')).toBe(before);
  });

  it('fetch is refused while the packages are unresolved', async () => {
    const { exitCode, err } = await works.bundle('fetch', place, '--architecture', 'amd64');

    expect(exitCode).toBe(6);
    expect(err).toContain('the packages of noble for amd64');
    expect(existsSync(place)).toBe(false);
  });

  it('fetch lays out files, packages with their index, and one archive of all images', async () => {
    for (const name of ['chrony', 'network-manager', 'nfs-common']) works.addPackage(name);

    const { exitCode, err, out } = await works.bundle('fetch', place, '--architecture', 'amd64');

    expect(err).not.toContain('✖');
    expect(exitCode).toBe(0);
    expect(out).toContain(`${place}: Novasphere 0.1.0 for amd64, Ubuntu noble, `);
    expect(out).toMatch(/\d+ images of .+ take .+: shared layers lie there once \(1\.\d\d : 1\)/);
    expect(readdirSync(place).toSorted()).toEqual(
      ['bin', 'bundle.yaml', 'debs', 'images', 'lists', 'manifests', 'node', 'sbom.cdx.json'].toSorted(),
    );
    expect(readFileSync(join(place, 'debs/Packages'), 'utf8')).toContain('Filename: ./chrony_1.0-1_all.deb');
  });

  it('verify finds every file as index and lock say', async () => {
    const { exitCode, out } = await verify(place, '--allow-unsigned');

    expect(out).toContain('verdict   every file is as it should be');
    expect(exitCode).toBe(0);
  });

  it('prove finds every image that is asked for, and none too many', async () => {
    const { exitCode, err, out } = await novasphere(['bundle', 'prove', place]);

    expect(err).toBe('');
    expect(exitCode).toBe(0);
    expect(out).toContain('✔ Every image that an installation can ask for is in the bundle');
    const proof = JSON.parse(readFileSync(join(place, 'proof.json'), 'utf8'));
    expect(proof.verdict).toBe('complete');
    expect(proof.images.every((one: { verdict: string }) => one.verdict === 'present')).toBe(true);
  });

  it('fetch again asks for nothing, and leaves the index with its proof as it is', async () => {
    const index = readFileSync(join(place, 'bundle.yaml'), 'utf8');
    works.site.asked.length = 0;

    const { exitCode } = await works.bundle('fetch', place, '--architecture', 'amd64');

    expect(exitCode).toBe(0);
    expect(works.site.asked).toEqual([]);
    expect(readFileSync(join(place, 'bundle.yaml'), 'utf8')).toBe(index);
    expect(index).toContain('proof.json');
  });

  it('is the same, byte by byte, wherever it is made', async () => {
    const other = join(works.folder, 'other');
    expect((await works.bundle('fetch', other, '--architecture', 'amd64')).exitCode).toBe(0);
    expect((await novasphere(['bundle', 'prove', other])).exitCode).toBe(0);

    expect(readFileSync(join(other, 'bundle.yaml'), 'utf8')).toBe(readFileSync(join(place, 'bundle.yaml'), 'utf8'));
  });

  it('verify refuses it until it is signed by a key that is trusted', async () => {
    const keys = join(works.folder, 'plant');
    expect((await verify(place)).err).toContain('nobody has signed the bundle');
    expect((await verify(place)).exitCode).toBe(6);
    expect((await verify(place, '--allow-unsigned')).exitCode).toBe(0);
    expect((await novasphere(['bundle', 'keys', keys, '--without-password'])).exitCode).toBe(0);
    expect((await novasphere(['bundle', 'sign', place, '--key', `${keys}.key`])).exitCode).toBe(0);

    const { exitCode, out, err } = await verify(place, '--key', `${keys}.pub`);

    expect(out + err).not.toContain('✖');
    expect(exitCode).toBe(0);
  });

  it('is accepted by minisign', () => {
    const said = execFileSync('minisign', [
      '-V',
      '-p',
      join(works.folder, 'plant.pub'),
      '-m',
      join(place, 'bundle.yaml'),
    ]);

    expect(said.toString()).toContain('Signature and comment signature verified');
  });

  it('is what a rehearsal installs from, and nothing else', async () => {
    const profile = join(works.folder, 'site.yaml');
    const key = readFileSync(join(works.folder, 'plant.pub'), 'utf8').trim().split('\n').at(-1);
    const text = readFileSync(join(root, 'profiles/single-node.yaml'), 'utf8');
    writeFileSync(profile, `${text.replace(/^bundle:\n( .*\n)+/m, '')}\nbundle:\n  trustedKeys: [${key}]\n`);

    const { exitCode, out, err } = await novasphere(['rehearse', profile, '--bundle', place]);

    expect(out + err).not.toContain('✖');
    expect(exitCode).toBe(0);
    expect(err).toContain(place);
  });

  it('list tells what is in it', async () => {
    const { out } = await novasphere(['bundle', 'list', place]);

    expect(out).toContain(`${place}: Novasphere 0.1.0, amd64, Ubuntu noble, `);
    expect(out).toContain('docker.io/longhornio/longhorn-manager:v1.12.1');
  });

  it('verify finds a flipped byte, and a file too many', async () => {
    const damaged = join(works.folder, 'damaged');
    cpSync(place, damaged, { recursive: true });
    const bytes = readFileSync(join(damaged, 'bin/k3s'));
    bytes.writeUInt8(bytes.readUInt8(5) ^ 1, 5);
    writeFileSync(join(damaged, 'bin/k3s'), bytes);
    writeFileSync(join(damaged, 'bin/k4s'), 'who put this here?');

    const { exitCode, out } = await verify(damaged, '--allow-unsigned');

    expect(exitCode).toBe(1);
    expect(out).toContain('bin/k3s');
    expect(out).toContain('bin/k4s');
  });
});
