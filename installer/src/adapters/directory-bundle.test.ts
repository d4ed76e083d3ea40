import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { dump } from 'js-yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBundle } from './directory-bundle.ts';

const files = { 'bin/k3s': 'a binary', 'manifests/multus/multus-daemonset.yml': 'kind: DaemonSet\n' };
let place: string;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'novasphere-bundle-'));
  for (const [path, content] of Object.entries(files)) await put(path, content);
  await index(files);
});
afterEach(() => rm(place, { recursive: true }));

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(place, path)), { recursive: true });
  await writeFile(join(place, path), content);
}

async function index(named: Readonly<Record<string, string>>): Promise<void> {
  const entries = Object.entries(named).map(([path, content]) => ({
    path,
    sha256: createHash('sha256').update(content).digest('hex'),
    size: Buffer.byteLength(content),
  }));
  await put('bundle.yaml', dump({ version: 1, files: entries }));
}

const problems = async () => (await openBundle(place)).verify();

describe('a bundle in a directory', () => {
  it('has no problem when it is what its index says', async () => {
    expect(await problems()).toEqual([]);
  });

  it('gives texts, and files with digest and size', async () => {
    const bundle = await openBundle(place);

    expect(await bundle.text('manifests/multus/multus-daemonset.yml')).toBe('kind: DaemonSet\n');
    expect(await bundle.file('bin/k3s')).toMatchObject({ source: join(place, 'bin/k3s'), size: 8 });
  });

  it('gives no text that is not what the index says', async () => {
    await put('manifests/multus/multus-daemonset.yml', 'kind: Deployment\n');
    const bundle = await openBundle(place);

    await expect(bundle.text('manifests/multus/multus-daemonset.yml')).rejects.toMatchObject({
      code: 'BUNDLE-INVALID',
      message: 'manifests/multus/multus-daemonset.yml of the bundle is not as its index says',
    });
  });

  it('finds one flipped bit', async () => {
    const bytes = await readFile(join(place, 'bin/k3s'));
    bytes[3] = (bytes[3] ?? 0) ^ 1;
    await writeFile(join(place, 'bin/k3s'), bytes);

    expect(await problems()).toEqual([
      { kind: 'changed', path: 'bin/k3s', detail: expect.stringMatching(/^sha256 \w{12}… instead of \w{12}…$/) },
    ]);
  });

  it('finds a file that was cut short', async () => {
    await put('bin/k3s', 'a bin');

    expect(await problems()).toEqual([{ kind: 'changed', path: 'bin/k3s', detail: '5 bytes instead of 8' }]);
  });

  it('finds a missing file', async () => {
    await rm(join(place, 'bin/k3s'));

    expect(await problems()).toEqual([
      { kind: 'missing', path: 'bin/k3s', detail: 'the index names it, the directory lacks it' },
    ]);
  });

  it('finds a file too many', async () => {
    await put('bin/k4s', 'who put this here?');

    expect(await problems()).toEqual([{ kind: 'extra', path: 'bin/k4s', detail: 'the index does not name it' }]);
  });

  it.each([
    ['../outside', 'it leads out of the bundle'],
    ['manifests/../../outside', 'it leads out of the bundle'],
    ['/etc/passwd', 'it is absolute'],
    ['bin/k3s\n', 'it has a name that no bundle has'],
    ['bin/./k3s', 'it has a name that no bundle has'],
  ])('refuses the path %j', async (path, detail) => {
    await index({ ...files, [path]: 'x' });

    const bundle = await openBundle(place);

    expect(await bundle.verify()).toEqual([{ kind: 'escapes', path, detail }]);
    await expect(bundle.text(path)).rejects.toMatchObject({ code: 'BUNDLE-FILE-MISSING' });
  });

  it('follows no link, not even to the same content', async () => {
    await rm(join(place, 'bin/k3s'));
    await put('../novasphere-bundle-elsewhere', 'a binary');
    await symlink('../../novasphere-bundle-elsewhere', join(place, 'bin/k3s'));

    expect(await problems()).toEqual([{ kind: 'link', path: 'bin/k3s', detail: 'a link, which could lead anywhere' }]);
    await rm(join(place, '../novasphere-bundle-elsewhere'));
  });

  it('says which file it lacks', async () => {
    const bundle = await openBundle(place);

    await expect(bundle.file('images/longhorn-amd64.tar.zst')).rejects.toMatchObject({
      code: 'BUNDLE-FILE-MISSING',
      message: 'the bundle has no images/longhorn-amd64.tar.zst',
    });
  });

  it('is none without an index', async () => {
    await rm(join(place, 'bundle.yaml'));

    await expect(openBundle(place)).rejects.toMatchObject({
      code: 'BUNDLE-UNREADABLE',
      message: `${place} is not a bundle: its bundle.yaml cannot be read`,
    });
  });

  const entry = `{path: bin/k3s, sha256: ${'a'.repeat(64)}, size: 1}`;
  it.each(['files: [', 'version: 2\nfiles: []', 'just text', `version: 1\nfiles: [${entry}, ${entry}]`])(
    'is none with the index %j',
    async (text) => {
      await put('bundle.yaml', text);

      await expect(openBundle(place)).rejects.toMatchObject({ code: 'BUNDLE-UNREADABLE' });
    },
  );
});
