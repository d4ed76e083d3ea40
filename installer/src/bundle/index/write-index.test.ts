import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareWithIndex } from '../verify/compare-with-index.ts';
import { parseIndex, readIndex } from './index-file.ts';
import { indexText, makeIndex, reindex } from './write-index.ts';

const madeFor = { release: '0.1.0', architecture: 'amd64', series: 'noble' } as const;
const zero = '0'.repeat(64);
let place: string;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'novasphere-index-'));
});
afterEach(() => rm(place, { recursive: true }));

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(place, path)), { recursive: true });
  await writeFile(join(place, path), content);
}

const problems = async () => (await compareWithIndex(place, (await readIndex(place)).index)).problems;

describe('the text of an index', () => {
  it('is a line for each file', () => {
    const files = [
      { path: 'manifests/a.yaml', size: 3, sha256: zero },
      { path: 'bin/k3s', size: 75_000_000, sha256: zero },
    ];

    expect(indexText({ madeFor, files })).toBe(
      [
        'version: 1',
        'madeFor:',
        '  release: 0.1.0',
        '  architecture: amd64',
        '  series: noble',
        'files:',
        `  - {path: bin/k3s, sha256: '${zero}', size: 75000000}`,
        `  - {path: manifests/a.yaml, sha256: '${zero}', size: 3}`,
        '',
      ].join('\n'),
    );
  });

  it('has the same bytes in whatever order the files come, and says what was put in', () => {
    const path = fc.stringMatching(/^[a-z0-9.~_+:-]{1,12}$/).filter((name) => !/^\.+$/.test(name));
    const sha256 = fc.stringMatching(/^[0-9a-f]{64}$/);
    const files = fc.uniqueArray(fc.record({ path, sha256, size: fc.nat() }), { selector: ({ path }) => path });
    fc.assert(
      fc.property(files, (all) => {
        const text = indexText({ madeFor, files: all });

        expect(indexText({ files: all.toReversed(), madeFor: { ...madeFor } })).toBe(text);
        const index = parseIndex(Buffer.from(text), '/bundle');
        expect(index.madeFor).toEqual(madeFor);
        expect(new Map(all.map((file) => [file.path, file]))).toEqual(index.files);
      }),
    );
  });

  it('is not written for files that no bundle may hold', () => {
    const named = (...paths: readonly string[]) =>
      indexText({ files: paths.map((path) => ({ path, size: 1, sha256: zero })) });

    expect(() => named('a b')).toThrow(
      expect.objectContaining({
        message: 'these files cannot be the files of a bundle',
        cause: '"a b": it has a name that no bundle has',
      }),
    );
    expect(() => named('a', 'A')).toThrow(
      expect.objectContaining({ cause: 'it names A and a, which are one file on some media' }),
    );
  });
});

describe('the index of a directory', () => {
  it('is not written for one that cannot be listed', async () => {
    const lost = join(place, 'lost');

    await expect(makeIndex(lost)).rejects.toMatchObject({
      code: 'BUNDLE-UNREADABLE',
      message: '. cannot be read, so the bundle gets no index',
      cause: 'ENOENT: no such file or directory',
    });
  });

  it('names everything but itself, its signature and links, and is what the directory is', async () => {
    await put('bin/k3s', 'a binary');
    await put('bundle.yaml.minisig', 'a signature');
    await symlink('k3s', join(place, 'bin/kubectl'));

    await makeIndex(place, madeFor);

    expect((await readIndex(place)).index).toMatchObject({ madeFor });
    expect(await problems()).toEqual([
      { kind: 'link', path: 'bin/kubectl', detail: 'a link, which could lead anywhere' },
    ]);
    expect(await readdir(place)).toEqual(['bin', 'bundle.yaml']);
  });

  it('can be renewed for files that are new, changed and gone, and reads no other', async () => {
    for (const path of ['a', 'changed', 'gone']) await put(path, 'x');
    await makeIndex(place, madeFor);
    await put('changed', 'y');
    await put('new', 'z');
    await put('a', 'Z');
    await rm(join(place, 'gone'));

    await reindex(place, ['new', 'changed', 'gone']);

    expect((await problems()).map(({ path }) => path)).toEqual(['a']);
    expect((await readIndex(place)).index).toMatchObject({ madeFor });
  });

  it('leaves no signature behind that would be of another index', async () => {
    await put('a', 'x');
    await makeIndex(place);
    await put('bundle.yaml.minisig', 'a signature');

    await reindex(place, ['a']);

    await expect(readFile(join(place, 'bundle.yaml.minisig'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
