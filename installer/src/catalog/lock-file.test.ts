import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '#engine/fault';
import { loadCatalog } from './load-catalog.ts';
import type { Lock } from './lock.ts';
import { lockPath, lockText, parseLock, readLock } from './lock-file.ts';
import { emptyLock } from './locked.ts';

const root = resolve(import.meta.dirname, '../../..');
const catalog = await loadCatalog(root);
const text = await readFile(join(root, lockPath), 'utf8');
const hex = 'ab'.repeat(32);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'novasphere-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** What is said of a lock that somebody has edited. */
async function told(edited: string): Promise<Fault> {
  const file = join(folder, 'catalog.lock.yaml');
  await writeFile(file, edited);
  const error: Fault = await readLock(file, catalog).then(
    () => Promise.reject(new Error('it should have been refused')),
    (fault: Fault) => fault,
  );
  return error;
}

const evidenceOf = async (edited: string) =>
  (await told(edited)).evidence.map((line) => line.replaceAll(`${folder}/`, ''));

describe('the lock', () => {
  it('of this release names everything of its catalog, and nothing else', async () => {
    expect(Object.keys(await readLock(join(root, lockPath), catalog))).toEqual(['assets', 'images', 'packages']);
  });

  it('is written as it was read, resolved or not', () => {
    const { assets, images } = emptyLock(catalog);
    const manifest = { digest: `sha256:${hex}`, size: 3 };
    const lock: Lock = {
      assets: assets.map((one) => ({ ...one, sha256: hex, size: 7, trust: 'published' as const })),
      images: images.map((one) => ({ ...one, digest: manifest.digest, platforms: { amd64: manifest } })),
      packages: [
        {
          series: 'noble',
          architecture: 'amd64',
          debs: [
            {
              package: 'chrony',
              version: '4.5-1',
              url: 'http://a.example/chrony_4.5-1_amd64.deb',
              sha256: hex,
              size: 9,
            },
          ],
        },
      ],
    };

    expect(parseLock(lockText(lock), 'x')).toEqual(lock);
    expect(lockText(parseLock(text, 'x'))).toBe(text);
  });

  it('names the line and the entry of a digest that was mistyped', async () => {
    expect(await evidenceOf(text.replace('sha256: unresolved', 'sha256: 12ab'))).toEqual([
      'catalog.lock.yaml:5 bin/k3s, sha256: 64 hexadecimal digits',
    ]);
  });

  it('refuses an address that is not the one of the catalog', async () => {
    expect(
      await evidenceOf(
        text.replace('releases/download/v1.35.8%2Bk3s1/k3s\n', 'releases/download/v1.35.8%2Bk3s1/k4s\n'),
      ),
    ).toEqual([
      'catalog.lock.yaml:5 bin/k3s: url is https://github.com/k3s-io/k3s/releases/download/v1.35.8%2Bk3s1/k4s instead of https://github.com/k3s-io/k3s/releases/download/v1.35.8%2Bk3s1/k3s',
    ]);
  });

  it('names what was added, left out and written twice', async () => {
    const [first = '', second = ''] = text.split(/(?=^ {2}- path: )/m).slice(1);
    expect(await evidenceOf(text.replace(second, ''))).toEqual(['the catalog names bin/k3s-arm64, the lock does not']);
    expect(await evidenceOf(text.replace(first, first + first))).toEqual(['bin/k3s is there twice']);
    expect(await evidenceOf(text.replace(first, first + first.replace('bin/k3s', 'bin/k4s')))).toEqual([
      'catalog.lock.yaml:13 bin/k4s: the catalog does not name it',
    ]);
  });

  it('says where it is no YAML, and what to do', async () => {
    const fault = await told('version: 1\nassets: [');

    expect(fault.evidence.map((line) => line.replaceAll(`${folder}/`, ''))).toEqual([
      'catalog.lock.yaml:2:10: unexpected end of the stream within a flow collection',
    ]);
    expect(fault).toMatchObject({
      code: 'LOCK-INVALID',
      remedy: [
        'git checkout manifests/catalog.lock.yaml          takes the lock of this release again',
        'novasphere bundle resolve          writes it anew, on a machine with the internet',
      ],
    });
  });

  it('that is not there is a lock that cannot be read', async () => {
    await expect(readLock(join(folder, 'none'), catalog)).rejects.toMatchObject({ code: 'LOCK-INVALID' });
  });
});
