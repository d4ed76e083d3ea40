import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { chmod, link, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BundleProblem } from '#ports/bundle';
import { readIndex } from '../index/index-file.ts';
import { makeIndex } from '../index/write-index.ts';
import { type CompareOptions, compareWithIndex } from './compare-with-index.ts';

let place: string;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'novasphere-verify-'));
  for (const path of ['bin/k3s', 'debs/a.deb', 'lists/a.txt']) await put(path, `the content of ${path}`);
  await makeIndex(place);
});
afterEach(() => rm(place, { recursive: true }));

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(place, path)), { recursive: true });
  await writeFile(join(place, path), content);
}

const compare = async (options?: CompareOptions) => compareWithIndex(place, (await readIndex(place)).index, options);

describe('a directory and its index', () => {
  it('agree, and what was read is counted', async () => {
    const told: (readonly [number, number])[] = [];

    expect(await compare({ progress: (read, of) => told.push([read, of]) })).toEqual({
      problems: [],
      files: 3,
      bytes: 73,
    });
    expect(told.at(-1)).toEqual([73, 73]);
  });

  it('agree where one file lies there under two names', async () => {
    await link(join(place, 'bin/k3s'), join(place, 'bin/kubectl'));
    await makeIndex(place);

    expect((await compare()).problems).toEqual([]);
  });

  it('leaves the signature of the index out', async () => {
    await put('bundle.yaml.minisig', 'whatever it may be');

    expect((await compare()).problems).toEqual([]);
  });

  it('tells what is cut short or missing before it has read anything', async () => {
    await truncate(join(place, 'debs/a.deb'), 3);
    await rm(join(place, 'bin/k3s'));
    await put('lists/a.txt', 'THE CONTENT OF lists/a.txt');
    const told: string[] = [];

    const { problems } = await compare({
      found: ({ path }) => told.push(path),
      progress: () => told.push('read'),
    });

    expect(told).toEqual(['bin/k3s', 'debs/a.deb', 'read', 'lists/a.txt']);
    expect(problems.map(({ path }) => path)).toEqual(['bin/k3s', 'debs/a.deb', 'lists/a.txt']);
  });

  it('names pipes and sockets, and opens neither', async () => {
    await rm(join(place, 'bin/k3s'));
    execFileSync('mkfifo', [join(place, 'bin/k3s')]);
    const server = createServer().listen(join(place, 'talk'));

    const { problems } = await compare().finally(() => server.close());

    expect(problems).toEqual([
      { kind: 'special', path: 'bin/k3s', detail: 'a named pipe' },
      { kind: 'special', path: 'talk', detail: 'a socket' },
    ]);
  });

  it('names a directory where a file should be, with what lies in it', async () => {
    await rm(join(place, 'bin/k3s'));
    await put('bin/k3s/inside', 'x');

    expect((await compare()).problems).toEqual([
      { kind: 'changed', path: 'bin/k3s', detail: 'a directory instead of a file' },
      { kind: 'extra', path: 'bin/k3s/inside', detail: 'the index does not name it' },
    ]);
  });

  it('goes on when a file is lost while it reads', async () => {
    await truncate(join(place, 'debs/a.deb'), 3);

    const { problems, files } = await compare({ found: () => rmSync(join(place, 'bin/k3s'), { force: true }) });

    expect(files).toBe(1);
    expect(problems).toEqual([
      { kind: 'unreadable', path: 'bin/k3s', detail: 'ENOENT: no such file or directory' },
      { kind: 'changed', path: 'debs/a.deb', detail: '3 bytes instead of 25' },
    ]);
  });

  it.skipIf(process.getuid?.() === 0)('names what may not be read', async () => {
    await chmod(join(place, 'bin/k3s'), 0);
    await chmod(join(place, 'debs'), 0);

    const { problems } = await compare();
    await chmod(join(place, 'debs'), 0o700);

    expect(problems).toEqual([
      { kind: 'unreadable', path: 'bin/k3s', detail: 'EACCES: permission denied' },
      { kind: 'unreadable', path: 'debs', detail: 'EACCES: permission denied' },
    ] satisfies BundleProblem[]);
  });
});
