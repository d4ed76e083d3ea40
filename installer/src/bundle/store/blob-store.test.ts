import { createHash } from 'node:crypto';
import {
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BlobStore, type PartUnderWay } from './blob-store.ts';
import type { Kernel } from './holder.ts';

let scratch: string;
let store: BlobStore;
const opened: PartUnderWay[] = [];
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'novasphere-store-'));
  store = storeOf(kernel(100, { 100: '5' }));
});
afterEach(async () => {
  // What was left or published is closed already.
  for (const { part } of opened.splice(0)) await part.close().catch(() => undefined);
  rmSync(scratch, { recursive: true, force: true });
});
const taken = async (one: BlobStore, ofThisBoot = false) => {
  const under = await one.take(key, { ofThisBoot });
  opened.push(under);
  return under;
};

function kernel(pid: number, processes: Readonly<Record<number, string>>, boot = 'boot-1', namespace = '1'): Kernel {
  return { pid, bootId: () => boot, namespace: () => namespace, ticks: (one) => processes[one] };
}
const storeOf = (one: Kernel) => new BlobStore(join(scratch, 'store'), { kernel: one });
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const file = (text: string) => {
  const path = join(scratch, 'made');
  writeFileSync(path, text);
  return path;
};
const key = sha256('whole');

describe('a file that was made elsewhere', () => {
  it('is moved in under its digest, read-only', async () => {
    const found = await store.adopt(file('whole'));

    expect(found).toEqual({ sha256: key, size: 5 });
    expect(readFileSync(store.pathOf(key), 'utf8')).toBe('whole');
    expect(statSync(store.pathOf(key)).mode & 0o777).toBe(0o444);
    expect([readdirSync(scratch), readdirSync(join(scratch, 'store/partial'))]).toEqual([['store'], []]);
  });

  it('is taken by its content alone where another name leads to it, through which it could change', async () => {
    const path = file('whole');
    linkSync(path, join(scratch, 'other'));
    await store.adopt(path);
    writeFileSync(join(scratch, 'other'), 'spoilt');
    expect(readFileSync(store.pathOf(key), 'utf8')).toBe('whole');
  });

  it('is taken by its content where it is a link', async () => {
    file('whole');
    symlinkSync(join(scratch, 'made'), join(scratch, 'link'));
    await store.adopt(join(scratch, 'link'));
    expect(statSync(store.pathOf(key)).nlink).toBe(1);
    expect(readFileSync(join(scratch, 'made'), 'utf8')).toBe('whole');
  });

  it('is refused and removed when it is not what was expected', async () => {
    const work = store.adopt(file('other'), { name: 'layer of docker.io/a:v1', sha256: key, size: 5 });

    await expect(work).rejects.toMatchObject({
      code: 'FETCH-CHANGED',
      message: 'layer of docker.io/a:v1 is not what the lock file says',
      evidence: [`wanted  sha256 ${key}, 5 bytes`, `found   sha256 ${sha256('other')}, 5 bytes`],
    });
    expect(readdirSync(join(scratch, 'store'))).toEqual(['partial']);
    expect(readdirSync(join(scratch, 'store/partial'))).toEqual([]);
  });

  it('is told by its path when it is not there', async () => {
    await expect(store.adopt(join(scratch, 'nothing'))).rejects.toMatchObject({ code: 'HOST-FILE' });
    expect(readdirSync(join(scratch, 'store/partial'))).toEqual([]);
  });
});

describe('a store', () => {
  it('has what lies there with the right size', async () => {
    await store.adopt(file('whole'));
    expect(await Promise.all([store.has(key), store.has(key, 5), store.has(key, 6), store.has(sha256('x'))])).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('has no place for what is no digest', () => {
    expect(() => store.pathOf('../../etc/passwd')).toThrow('is no SHA-256 in hexadecimal');
  });
});

describe('a file under way', () => {
  const begin = async (one: BlobStore, text: string) => {
    const under = await taken(one);
    await under.part.begin({ url: 'http://files.example/whole' });
    await under.part.append([Buffer.from(text)]);
    return under;
  };
  const left = async (one: BlobStore, ofThisBoot = false) => {
    const { part } = await taken(one, ofThisBoot);
    return { size: part.size, origin: part.origin?.url };
  };
  const isHere = { size: 3, origin: 'http://files.example/whole' };
  const nothing = { size: 0, origin: undefined };

  it('is taken up by whoever comes after it was left', async () => {
    await store.leave(await begin(store, 'who'));
    expect(await left(storeOf(kernel(200, { 100: '5', 200: '9' })))).toEqual(isHere);
  });

  it('is taken up when its process was killed', async () => {
    await begin(store, 'who');
    expect(await left(storeOf(kernel(200, { 200: '9' })))).toEqual(isHere);
  });

  it('is left alone while its process lives, or may live in another container', async () => {
    await begin(store, 'who');
    expect(await left(storeOf(kernel(200, { 100: '5', 200: '9' })))).toEqual(nothing);
    expect(await left(storeOf(kernel(200, { 200: '9' }, 'boot-1', '2')))).toEqual(nothing);
  });

  it('is copied when it is of another boot, whose machine may still write to it', async () => {
    const { part } = await begin(store, 'who');
    const next = await taken(storeOf(kernel(100, { 100: '5' }, 'boot-2')));
    await part.append([Buffer.from('!!')]);
    await next.part.append([Buffer.from('le')]);
    expect(readFileSync(next.part.path, 'utf8')).toBe('whole');
  });

  it('is left out when it is of another boot and nobody could tell what a power cut did to it', async () => {
    await store.leave(await begin(store, 'who'));
    expect(await left(storeOf(kernel(200, { 200: '9' }, 'boot-2')), true)).toEqual(nothing);
  });

  it('is worth nothing when nobody knows where it came from', async () => {
    const { directory } = await begin(store, 'who');
    rmSync(join(directory, 'origin.json'));
    expect(await left(storeOf(kernel(200, { 200: '9' })))).toEqual(nothing);
  });

  it('is gone with all that others left of it once it has its name', async () => {
    await store.leave(await begin(store, 'w'));
    const [one, other] = [await begin(store, 'whole'), await begin(store, 'who')];
    await store.leave(other);
    await store.publish(one, key);
    expect(readdirSync(join(scratch, 'store/partial'))).toEqual([]);
  });
});
