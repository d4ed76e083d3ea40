import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '#adapters/local-program';
import { closePackages, type Resolution } from '#bundle/packages/package-closure';
import { readClauses } from '#bundle/packages/relations';
import { hostPackages } from '#catalog/host-packages';
import type { LockedDeb, PackageSet } from '#catalog/lock';
import type { Fault } from '#engine/fault';
import type { RunProgram } from '#ports/program';
import { hostileMachine } from './hostile-machine.ts';
import { mediumOf, type PackagesWorld, packagesWorld, unmetNeeds } from './packages-world.ts';

let world: PackagesWorld;
let first: readonly LockedDeb[];
beforeAll(async () => {
  world = await packagesWorld();
  first = (await closed(world.manifest)).debs ?? [];
});
afterAll(() => world.close());

describe('closePackages', () => {
  it('takes all that the packages need beyond the manifest, and nothing else', async () => {
    const stanzas = await world.stanzas([...namesOf(first), ...namesOf(world.manifest)]);
    const here = stanzas.filter(({ Package: name = '' }) => namesOf(first).includes(name));
    const unmet = (without?: string) => unmetNeeds(here, stanzas, without);

    expect(namesOf(first)).toEqual(expect.arrayContaining([...hostPackages].filter((name) => name !== 'dmsetup')));
    expect(here).toHaveLength(first.length);
    expect(unmet()).toEqual([]);
    for (const name of namesOf(first))
      if (!hostPackages.some((wanted) => wanted === name)) expect(unmet(name), name).not.toEqual([]);
  });

  it('goes by the manifest: takes what is missing there, and leaves what is there, though the archive has it newer', async () => {
    expect(world.manifest.some((line) => line.startsWith('dmsetup\t'))).toBe(true);
    // Versions that the archive does not have any more, of siblings that need each other in one and the same.
    const older = world.manifest.map((line) =>
      line
        .replace(/^dmsetup\t.*/, 'dmsetup\t2:1.02.1-1')
        .replace(/^((?:lib|libpam-)?(?:systemd|udev)[^\t]*)\t.*/, '$1\t250.1-1'),
    );
    expect(older.filter((line) => line.endsWith('\t250.1-1')).length).toBeGreaterThan(5);

    const { debs = [] } = await closed(older.filter((line) => !line.startsWith('keyutils\t')));

    expect(namesOf(first).filter((name) => namesOf(world.manifest).includes(name))).toEqual([]);
    expect(debs.filter((deb) => deb.package !== 'keyutils')).toEqual(first);
    expect(namesOf(debs)).toContain('keyutils');
  });

  it('takes what lies only in the pool of the medium: nobody has it once the medium is gone', async () => {
    const place = join(world.directory, 'with-pool');
    const pool = join(place, 'dists/noble/main/binary-amd64');
    await mkdir(pool, { recursive: true });
    await writeFile(join(pool, 'Packages'), 'Package: chrony\nVersion: 99-1\nArchitecture: amd64\n');
    const medium = await mediumOf(place, world.manifest);

    expect(medium.pool.map((stanza) => stanza['Package'])).toEqual(['chrony']);
    expect((await closePackages({ ...asked(), medium })).debs).toEqual(first);
  });

  it('puts what has to be there before another package is unpacked in front of it', async () => {
    const medium = { ...(await mediumAsMade()), installed: new Map() };
    const { debs = [] } = await closePackages({ ...asked(), medium });
    const names = namesOf(debs);

    const early = (await world.stanzas(names)).flatMap((stanza) => {
      const before = readClauses(stanza['Pre-Depends']).flat();
      return before
        .map(({ name }) => ({ name, of: stanza['Package'] ?? '' }))
        .filter(({ name }) => names.includes(name));
    });

    expect(early.length).toBeGreaterThan(10);
    for (const { name, of } of early)
      expect(names.indexOf(name), `${name} before ${of}`).toBeLessThan(names.indexOf(of));
  });

  it('finds the same, byte for byte, whatever the machine that it runs on has and wants', async () => {
    const hostile = await hostileMachine(world.directory);
    const told = await hostile(['apt-config', 'dump']);
    expect(told.stdout).toContain('APT::Install-Recommends "true"');
    expect(told.stdout).toContain('APT::Default-Release "nowhere"');
    expect((await hostile(['apt-get', '-s', 'install', 'chrony'])).exitCode).not.toBe(0);

    const set = await closed(world.manifest, { run: hostile });

    expect(JSON.stringify(set.debs)).toBe(JSON.stringify(first));
  });

  it('asks a mirror with its password, which no command line shows, and locks the address of the archive', async () => {
    const commands: string[] = [];
    const run: RunProgram = (command, options) => {
      commands.push(JSON.stringify([command, options]));
      return runProgram(command, options);
    };
    const mirroredUrl = (url: string) => world.mirroredUrl(url).replace('://', '://site:s%40cret@');
    const before = world.asked.length;

    const { debs } = await closed(world.manifest, { run, mirroredUrl });

    expect(debs).toEqual(first);
    expect(first.every(({ url }) => url.startsWith(`${world.archive.uri}/pool/`))).toBe(true);
    const authorization = `Basic ${Buffer.from('site:s@cret').toString('base64')}`;
    expect(world.asked.slice(before).every((one) => one.authorization === authorization)).toBe(true);
    expect(commands.join('\n')).not.toMatch(/cret/);
  });

  it('finds packages for an architecture that this machine cannot run', async () => {
    const medium = { ...(await mediumAsMade()), architecture: 'arm64' } as const;

    const { architecture, debs = [] } = await closePackages({ ...asked(), medium, names: ['chrony'] });

    expect(architecture).toBe('arm64');
    expect(debs.at(-1)?.url).toMatch(/\/chrony_[^/]+_arm64\.deb$/);
  });
});

describe('closePackages refuses', () => {
  it('an archive of another series than the medium: what is installed is newer than all it has', async () => {
    const newer = world.manifest.map((line) => line.replace(/^libc6\t.*/, 'libc6\t99-1'));

    expect(await faultOf({ names: ['libc6-dev'] }, newer)).toMatchInlineSnapshot(`
      {
        "because": [
          "the medium installs libc6 99-1",
        ],
        "code": "PACKAGES-UNSOLVABLE",
        "message": "libc6-dev cannot be installed on noble: it needs libc6 (= VERSION)",
        "remedy": [
          "novasphere bundle resolve --mirror http://archive/debian=http://MIRROR/ubuntu          when this archive lags behind",
          "take a newer medium than 24.04.3, and the archive of the same series",
        ],
      }
    `);
  });

  it('lists that nobody has signed who is in the keyring', async () => {
    const keyring = join(world.directory, 'empty.gpg');
    await writeFile(keyring, '');

    expect(await faultOf({ archive: { ...world.archive, keyring } })).toMatchInlineSnapshot(`
      {
        "because": [],
        "code": "KEY-INVALID",
        "message": "no key in /tmp/world/empty.gpg has signed the package lists of http://mirror/debian",
        "remedy": [
          "apt-get install --only-upgrade ubuntu-keyring          when the key of a new series is missing",
          "gpg --show-keys /tmp/world/empty.gpg          which keys it holds",
        ],
      }
    `);
  });
});

function asked() {
  const { archive, mirroredUrl } = world;
  return { names: hostPackages, archive, mirroredUrl, run: runProgram };
}

function mediumAsMade() {
  return mediumOf(join(world.directory, 'medium'), world.manifest);
}

async function closed(manifest: readonly string[], more: Partial<Resolution> = {}): Promise<PackageSet> {
  return closePackages({ ...asked(), medium: await mediumOf(join(world.directory, 'medium'), manifest), ...more });
}

/** What a Fault tells, with the addresses, places and versions of this run replaced. */
async function faultOf(more: Partial<Resolution>, manifest = world.manifest): Promise<unknown> {
  const fault = (await closed(manifest, more).catch((error: unknown) => error)) as Fault;
  const { code, message, because, remedy } = fault.record();
  const [suite = ''] = world.archive.suites;
  const libc = world.manifest.find((line) => line.startsWith('libc6\t'))?.split('\t')[1] ?? '';
  const told = JSON.stringify({ code, message, because, remedy })
    .replaceAll(world.mirroredUrl(world.archive.uri), 'http://mirror/debian')
    .replaceAll(world.archive.uri, 'http://archive/debian');
  return JSON.parse(
    told.replaceAll(world.directory, '/tmp/world').replaceAll(suite, 'SUITE').replaceAll(libc, 'VERSION'),
  );
}

function namesOf(list: readonly (string | LockedDeb)[]): readonly string[] {
  return list.map((one) => (typeof one === 'string' ? (one.split('\t')[0] ?? '') : one.package));
}
