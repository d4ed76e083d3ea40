import { createHash } from 'node:crypto';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestFiles } from './digest-files.ts';

const large = 64 * 2 ** 20;
const contents = [Buffer.alloc(5, 'a'), Buffer.alloc(large, 'b'), Buffer.alloc(0), Buffer.alloc(300_000, 'c')];
const expected = contents.map((bytes) => ({ sha256: createHash('sha256').update(bytes).digest('hex') }));
let place: string;
let files: { file: string; size: number }[];

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'novasphere-digest-'));
  files = contents.map((bytes, at) => ({ file: join(place, `${at}`), size: bytes.length }));
  for (const [at, bytes] of contents.entries()) await writeFile(join(place, `${at}`), bytes);
});
afterAll(() => rm(place, { recursive: true }));

describe('digests of many files', () => {
  it('come in the order of the files, from threads as from the spot', async () => {
    const told: number[] = [];

    expect(await digestFiles(files, { progress: (bytes) => told.push(bytes) })).toEqual(expected);
    expect(told.at(-1)).toBe(large + 300_005);
    const small = files.filter(({ size }) => size < large);
    expect(await digestFiles(small)).toEqual(expected.filter((_, at) => at !== 1));
  });

  it('tell of a file that cannot be read, and of the others all the same', async () => {
    const lost = { file: join(place, 'lost'), size: 7 };
    await symlink('0', join(place, 'link'));
    const link = { file: join(place, 'link'), size: 5 };
    const told = [
      { error: 'ENOENT: no such file or directory' },
      { error: 'ELOOP: too many symbolic links encountered' },
    ];

    expect(await digestFiles([lost, link, ...files])).toEqual([...told, ...expected]);
    expect(await digestFiles([lost, link])).toEqual(told);
  });

  it.runIf(process.platform === 'linux')('tell of a disk that gives no bytes', async () => {
    // The kernel answers like a bad sector: nothing is mapped at the beginning of the memory.
    expect(await digestFiles([{ file: '/proc/self/mem', size: 5 }])).toEqual([{ error: 'EIO: i/o error' }]);
  });

  it('are given up with the reason of the signal', async () => {
    const reason = new Error('the user has had enough');
    const stopped = new AbortController();
    const under = digestFiles(files, { signal: stopped.signal });
    stopped.abort(reason);

    await expect(under).rejects.toBe(reason);
    await expect(digestFiles(files, { signal: stopped.signal })).rejects.toBe(reason);
  });

  it('are none of no files', async () => {
    expect(await digestFiles([])).toEqual([]);
  });
});
