import { link, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { begin, finished, placeFiles, sourceOf, writeText } from './place-files.ts';

let folder: string;
let place: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'novasphere-place-'));
  place = join(folder, 'bundle');
  await writeFile(join(folder, 'k3s'), 'a binary');
});
afterEach(() => rm(folder, { recursive: true }));

describe('a directory that becomes a bundle', () => {
  it('may be new, empty, or one that was begun', async () => {
    await begin(place, false);
    await begin(place, false);
    await finished(place);

    expect(await readdir(place)).toEqual([]);
    await expect(begin(place, false)).resolves.toBeUndefined();
  });

  it('is never one that holds something else', async () => {
    await mkdir(place);
    await writeFile(join(place, 'thesis.tex'), 'years of work');

    await expect(begin(place, false)).rejects.toMatchObject({
      code: 'BUNDLE-UNREADABLE',
      message: `${place} cannot become a bundle`,
      cause: 'it is not empty, and no bundle',
    });
    expect(await readdir(place)).toEqual(['thesis.tex']);
  });

  it('is never a file', async () => {
    await expect(begin(join(folder, 'k3s'), false)).rejects.toMatchObject({ code: 'BUNDLE-UNREADABLE' });
  });

  it('gets files that it lacks, and those that were changed, and no others', async () => {
    const source = await sourceOf('bin/k3s', join(folder, 'k3s'));
    await begin(place, false);

    expect(await placeFiles(place, [source])).toBe(1);
    expect(await placeFiles(place, [source])).toBe(0);
    await writeFile(join(place, 'bin/k3s'), 'b binary');
    expect(await placeFiles(place, [source])).toBe(1);
    expect(await readFile(join(place, 'bin/k3s'), 'utf8')).toBe('a binary');
    expect(await readdir(join(place, 'bin'))).toEqual(['k3s']);
  });

  it('finds that the store has been spoilt, and clears the way for another download', async () => {
    const source = await sourceOf('bin/k3s', join(folder, 'k3s'));
    await writeFile(join(folder, 'k3s'), 'a binerY');
    await begin(place, false);

    await expect(placeFiles(place, [{ ...source, isCached: true }])).rejects.toMatchObject({
      code: 'FETCH-CHANGED',
      message: 'bin/k3s has been spoilt since it was downloaded',
      where: [`file ${join(folder, 'k3s')}`],
    });
    expect(await readdir(folder)).toEqual(['bundle']);
  });

  it('never takes away what cannot be downloaded again', async () => {
    const source = await sourceOf('manifests/operator/crds.yaml', join(folder, 'k3s'));
    await writeFile(join(folder, 'k3s'), 'a binerY');
    await begin(place, false);

    await expect(placeFiles(place, [source])).rejects.toMatchObject({ code: 'FETCH-CHANGED' });
    expect(await readdir(folder)).toEqual(['bundle', 'k3s']);
  });

  it('shares no file with the store: who changes the one leaves the other as it is', async () => {
    await begin(place, false);
    await placeFiles(place, [await sourceOf('bin/k3s', join(folder, 'k3s'))]);

    await writeFile(join(place, 'bin/k3s'), 'damaged!');

    expect(await readFile(join(folder, 'k3s'), 'utf8')).toBe('a binary');
  });

  it('keeps a text that is the same', async () => {
    await begin(place, false);
    const entry = await writeText(place, 'lists/x.txt', 'one\n');
    await link(join(place, 'lists/x.txt'), join(folder, 'same'));

    expect(await writeText(place, 'lists/x.txt', 'one\n')).toEqual(entry);
    expect((await stat(join(place, 'lists/x.txt'))).ino).toBe((await stat(join(folder, 'same'))).ino);
    expect(await writeText(place, 'lists/x.txt', 'two\n')).not.toEqual(entry);
  });
});
