import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '#adapters/local-program';
import { readBaseMedium } from '#bundle/packages/base-medium';
import { compareVersions } from '#bundle/packages/version-order';
import type { Fault } from '#engine/fault';

const chrony = 'Package: chrony\nVersion: 4.5-1ubuntu4.2\nArchitecture: amd64\nDepends: libc6 (>= 2.38)\n';
const kernel = 'Package: linux-generic\nVersion: 6.8.0-71.71\nArchitecture: amd64\n';
/** The files of a medium, as Ubuntu Server 24.04 lays them out. */
const files = {
  '.disk/info': 'Ubuntu-Server 24.04.3 LTS "Noble Numbat" - Release amd64 (20250805.1)',
  'casper/filesystem.manifest': 'casper\t1.498\n',
  'casper/ubuntu-server-minimal.manifest': '--- a\t1\n+++ b\t2\n+dpkg\t1.22.6ubuntu6.1\n+libc6:amd64\t2.39-0ubuntu8\n',
  'casper/ubuntu-server-minimal.ubuntu-server.manifest':
    '--- b\t2\n+++ c\t3\n-libc6:amd64\t2.39-0ubuntu8\n+libc6:amd64\t2.39-0ubuntu8.5\n+snap:core22\tstable\t1\n',
  'casper/ubuntu-server-minimal.ubuntu-server.squashfs': 'hsqs',
  'dists/noble/main/binary-amd64/Packages.gz': gzipSync(chrony),
  'dists/noble/restricted/binary-amd64/Packages': kernel,
  'pool/main/c/chrony/chrony_4.5-1ubuntu4.2_amd64.deb': 'a package',
};
const noble = {
  release: '24.04.3',
  series: 'noble',
  architecture: 'amd64',
  installed: new Map([
    ['dpkg', { version: '1.22.6ubuntu6.1' }],
    ['libc6', { version: '2.39-0ubuntu8.5', architecture: 'amd64' }],
  ]),
};

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'novasphere-medium-test-'));
});
afterAll(() => rm(directory, { recursive: true }));

describe('readBaseMedium', () => {
  it('reads an ISO file as it reads the mounted medium', async () => {
    const mounted = await medium('mounted', files);
    const iso = join(directory, 'base.iso');
    await runProgram(['xorriso', '-as', 'mkisofs', '-quiet', '-r', '-V', 'Ubuntu-Server', '-o', iso, mounted]);

    const fromDirectory = await readBaseMedium(mounted, runProgram);
    const fromIso = await readBaseMedium(iso, runProgram);

    expect(fromDirectory).toMatchObject({ place: mounted, ...noble });
    expect(fromDirectory.pool.map((stanza) => stanza['Package'])).toEqual(['chrony', 'linux-generic']);
    expect(fromIso).toEqual({ ...fromDirectory, place: iso });
  });

  it('reads an index that is packed with xz', async () => {
    const place = await medium('packed', { ...files, 'dists/noble/main/binary-amd64/Packages.gz': undefined });
    const index = join(place, 'dists/noble/main/binary-amd64/Packages');
    await writeFile(index, chrony);
    await runProgram(['xz', index]);

    expect((await readBaseMedium(place, runProgram)).pool[0]).toMatchObject({ Depends: 'libc6 (>= 2.38)' });
  });

  it('takes the whole list where the medium has one', async () => {
    const full = 'casper/ubuntu-server-minimal.ubuntu-server.manifest.full';
    const place = await medium('full', { ...files, [full]: 'dpkg\t1.22.6ubuntu6.5\n' });

    expect((await readBaseMedium(place, runProgram)).installed).toEqual(
      new Map([['dpkg', { version: '1.22.6ubuntu6.5' }]]),
    );
  });

  it('refuses what is no medium, and says what it is', async () => {
    const noise = join(directory, 'noise.iso');
    await writeFile(noise, Buffer.alloc(100_000, 'noise'));
    const desktop = await medium('desktop', { '.disk/info': 'Ubuntu 24.04.3 LTS "Noble Numbat" - Release amd64 (1)' });
    const torn = await medium('torn', { ...files, 'casper/ubuntu-server-minimal.manifest': '--- a\t1\n+++ b\t2\n' });
    const broken = await medium('broken', { ...files, 'dists/noble/main/binary-amd64/Packages.gz': 'no gzip' });

    expect(await refusal(join(directory, 'absent.iso'))).toMatchInlineSnapshot(`
      [
        "MEDIUM-INVALID",
        "/media/absent.iso cannot be read as an installation medium",
        "there is no such file",
      ]
    `);
    expect(await refusal(noise)).toMatchInlineSnapshot(`
      [
        "MEDIUM-INVALID",
        "/media/noise.iso cannot be read as an installation medium",
        "it holds no file system of an ISO image",
      ]
    `);
    expect(await refusal(desktop)).toMatchInlineSnapshot(`
      [
        "MEDIUM-INVALID",
        "/media/desktop is not the live medium of Ubuntu Server",
        ".disk/info: Ubuntu 24.04.3 LTS "Noble Numbat" - Release amd64 (1)",
      ]
    `);
    expect(await refusal(torn)).toMatchInlineSnapshot(`
      [
        "MEDIUM-INVALID",
        "/media/torn does not say which packages it installs",
        "dpkg is not among the 1 that its manifests name",
      ]
    `);
    expect(await refusal(broken)).toMatchInlineSnapshot(`
      [
        "MEDIUM-INVALID",
        "/media/broken cannot be read as an installation medium",
        "dists/noble/main: incorrect header check",
      ]
    `);
  });
});

describe('compareVersions', () => {
  it('says what dpkg says', async () => {
    const versions = [
      '1.0~rc1-1',
      '1.0',
      '1.0-0ubuntu1',
      '1.0-1ubuntu1~22.04.1',
      '1.0a',
      '1:0.1',
      '1.0+git2-1',
      '007',
      '7-0',
    ];
    for (const one of versions)
      for (const other of versions) {
        const { exitCode } = await runProgram(['dpkg', '--compare-versions', one, 'lt', other]);
        expect(compareVersions(one, other) < 0, `${one} lt ${other}`).toBe(exitCode === 0);
      }
  });
});

async function medium(name: string, content: Readonly<Record<string, string | Buffer | undefined>>): Promise<string> {
  for (const [path, text] of Object.entries(content)) {
    const file = join(directory, name, path);
    await mkdir(dirname(file), { recursive: true });
    if (text !== undefined) await writeFile(file, text);
  }
  return join(directory, name);
}

async function refusal(place: string): Promise<readonly string[]> {
  const fault = (await readBaseMedium(place, runProgram).catch((error: unknown) => error)) as Fault;
  const { code, message, because, evidence } = fault.record();
  return [code, message, ...because, ...evidence].map((text) => text.replaceAll(directory, '/media'));
}
