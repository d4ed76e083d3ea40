import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '#adapters/local-program';
import { closePackages } from '#bundle/packages/package-closure';
import { debPath, packageIndex } from '#bundle/packages/package-index';
import { readStanzas } from '#bundle/packages/stanzas';
import { hostPackages } from '#catalog/host-packages';
import type { LockedDeb } from '#catalog/lock';
import type { Fault } from '#engine/fault';
import { offlineNode } from './offline-node.ts';
import { downloaded, mediumOf, type PackagesWorld, packagesWorld } from './packages-world.ts';

let world: PackagesWorld;
let locked: readonly LockedDeb[];
/** A bundle whose folder has a blank in its name and is for root alone. */
let bundle: string;
beforeAll(async () => {
  world = await packagesWorld();
  const { archive, mirroredUrl, manifest, directory } = world;
  const medium = await mediumOf(join(directory, 'medium'), manifest);
  const set = await closePackages({ medium, names: hostPackages, archive, mirroredUrl, run: runProgram });
  locked = set.debs ?? [];
  bundle = join(directory, 'my bundle');
  await mkdir(join(bundle, 'debs'), { recursive: true });
  await chmod(bundle, 0o700);
  for (const deb of locked) await writeFile(fileOf(deb), await downloaded(deb.url));
  await writeFile(join(bundle, 'debs/Packages'), await index(locked));
});
afterAll(() => world.close());

describe('packageIndex', () => {
  it('tells of each package what the lock says of it', async () => {
    const stanzas = readStanzas(await index(locked));

    expect(stanzas.map((stanza) => stanza['Package'])).toEqual(locked.map((deb) => deb.package).sort());
    for (const deb of locked) {
      const stanza = stanzas.find((one) => one['Package'] === deb.package);
      const { version: Version, sha256: SHA256, size } = deb;
      expect(stanza).toMatchObject({ Version, SHA256, Size: `${size}`, Filename: debPath(deb).replace('debs/', './') });
    }
  });

  it('is the same, byte for byte, in whatever order the packages come', async () => {
    expect(await index(locked.toReversed())).toBe(await index(locked));
  });

  it('names a file that is no package', async () => {
    const file = join(world.directory, 'debs-chrony.deb');
    await writeFile(file, '<html>not here</html>');

    const refused = packageIndex([{ path: 'debs/chrony_4.5-1_amd64.deb', file }], runProgram);

    const { message, remedy } = (await refused.catch((error: unknown) => error)) as Fault;
    expect({ message, remedy }).toEqual({
      message: 'debs/chrony_4.5-1_amd64.deb is no Debian package',
      remedy: ['novasphere bundle fetch          downloads what is not as the lock says'],
    });
  });
});

describe('a node without a network, whose own sources and pins are about mirrors', () => {
  it('installs the packages of the bundle in the order of the lock', async () => {
    const node = await offlineNode(world, join(world.directory, 'node'));

    await node.install(bundle, '--simulate');

    const steps = [...node.said.matchAll(/^Inst (\S+) .*$/gm)].map(([, name]) => name);
    expect(steps).toEqual(locked.map((deb) => deb.package));
  });

  it('reads every one of them from the bundle, and finds its content as the index says', async () => {
    const node = await offlineNode(world, join(world.directory, 'reader'));

    await node.install(bundle, '--download-only');

    expect(node.said).toContain(`0 upgraded, ${locked.length} newly installed, 1 to remove`);
    expect(node.said).toContain('Need to get 0 B/');
    expect(node.said).toContain('Download complete and in download only mode');
    expect(node.said).not.toContain('unsandboxed');
  });

  it('refuses a package of the bundle that is not what the index says', async () => {
    const node = await offlineNode(world, join(world.directory, 'wary'));
    const [deb] = locked;
    if (deb === undefined) throw new Error('the lock names no package');
    await writeFile(fileOf(deb), Buffer.alloc(deb.size));

    await expect(node.install(bundle, '--download-only')).rejects.toThrow(/Hash Sum mismatch/);
    await writeFile(fileOf(deb), await downloaded(deb.url));
  });

  it('leaves behind nothing that a later update would look for', async () => {
    const node = await offlineNode(world, join(world.directory, 'later'));
    const before = await readdir(join(node.directory, 'etc/apt'), { recursive: true });

    await node.install(bundle, '--simulate');

    expect(await readdir(join(node.directory, 'etc/apt'), { recursive: true })).toEqual(before);
    expect(await readdir(join(node.directory, 'var/lib/apt/lists'))).toEqual(['archive_Packages', 'partial']);
  });
});

it('downloads what the lock says', async () => {
  const [deb] = locked.toSorted((one, other) => one.size - other.size);
  const content = await downloaded(deb?.url ?? '');

  expect({ size: content.length, sha256: createHash('sha256').update(content).digest('hex') }).toEqual({
    size: deb?.size,
    sha256: deb?.sha256,
  });
});

function fileOf(deb: LockedDeb): string {
  return join(bundle, debPath(deb));
}

function index(debs: readonly LockedDeb[]): Promise<string> {
  return packageIndex(
    debs.map((deb) => ({ path: debPath(deb), file: fileOf(deb) })),
    runProgram,
  );
}
