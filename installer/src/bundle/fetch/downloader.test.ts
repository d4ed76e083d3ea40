import { stat } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faultyServer } from './faulty-server.ts';
import { faultOf, type Scene, scene, someBytes, wantedOf } from './fetch-scene.ts';
import type { TransferEvent } from './watch.ts';

const content = someBytes(3_000_000);
let site: Awaited<ReturnType<typeof faultyServer>>;
let here: Scene;
beforeEach(async () => {
  site = await faultyServer(content);
  here = await scene();
});
afterEach(async () => {
  await here.close();
  await site.close();
});

const wanted = () => wantedOf(content, `${site.origin}/k3s`);
const isHere = async () => expect((await here.blobs()).map((one) => one.content.equals(content))).toEqual([true]);

describe('a download', () => {
  it('lies in the store under its digest, read-only, and nothing else is left', async () => {
    await here.downloads.fetch(wanted());

    await isHere();
    expect((await stat(here.store.pathOf(wanted().sha256))).mode & 0o777).toBe(0o444);
    expect(await here.partial()).toEqual([]);
  });

  it('sends nothing when the store has the file', async () => {
    await here.downloads.fetch(wanted());
    await here.downloads.fetch(wanted());

    expect(site.seen).toHaveLength(1);
  });

  it('goes on where the connection was cut, if the file is still the same', async () => {
    site.play({ kind: 'cut', after: 2_000_000 });

    await here.downloads.fetch(wanted());

    await isHere();
    expect(site.seen[1]?.headers).toMatchObject({ range: 'bytes=2000000-', 'if-range': '"one"' });
    expect(site.sent()).toBe(3_000_000);
  });

  it('goes on by the date of the file where the server has no ETag', async () => {
    await site.close();
    site = await faultyServer(content, { validator: 'date' });
    site.play({ kind: 'cut', after: 2_000_000 });

    await here.downloads.fetch(wanted());

    await isHere();
    expect(site.seen[1]?.headers['if-range']).toBe('Fri, 20 Nov 2026 06:00:00 GMT');
  });

  it('takes what an earlier run left, and tells that it was there', async () => {
    site.play({ kind: 'cut', after: 2_000_000 }, { kind: 'status', status: 404 });
    await expect(here.downloads.fetch(wanted())).rejects.toThrow('404');
    const events: TransferEvent[] = [];

    await here.downloads.fetch(wanted(), { tell: (event) => events.push(event) });

    await isHere();
    expect(site.sent()).toBe(3_000_000);
    expect(events[0]).toEqual({ kind: 'has', bytes: 2_000_000, kept: true });
    expect(events.at(-1)).toEqual({ kind: 'has', bytes: 3_000_000 });
  });

  it('needs no server for a file that lacked only its name', async () => {
    const under = await here.store.take(wanted().sha256, { ofThisBoot: false });
    await under.part.begin({ url: wanted().url });
    await under.part.append([content]);
    await here.store.leave(under);

    await here.downloads.fetch(wanted());

    await isHere();
    expect(site.seen).toEqual([]);
  });

  it('begins anew where the server ignores ranges', async () => {
    site.play({ kind: 'cut', after: 2_000_000 }, { kind: 'ignore-range' });

    await here.downloads.fetch(wanted());

    await isHere();
    expect(site.sent()).toBe(5_000_000);
  });

  it('begins anew where the file was another one when it was begun', async () => {
    site.play({ kind: 'other', content: someBytes(3_000_000, 8) }, { kind: 'cut', after: 1000 });

    await here.downloads.fetch(wanted());

    await isHere();
  });

  it('drops what another server began when it does not fit, and begins anew once', async () => {
    const under = await here.store.take(wanted().sha256, { ofThisBoot: false });
    await under.part.begin({ url: 'http://other.example/k3s', validator: '"one"' });
    await under.part.append([someBytes(1_000_000, 9)]);
    await here.store.leave(under);

    await here.downloads.fetch(wanted());

    await isHere();
    expect(site.seen.map(({ headers }) => headers.range)).toEqual(['bytes=1000000-', undefined]);
    expect(site.seen[0]?.headers['if-range']).toBeUndefined();
  });

  it.each([['chunked'], ['closed-end']] as const)('needs no length: %s', async (kind) => {
    site.play({ kind });
    await here.downloads.fetch(wanted());
    await isHere();
  });

  it('takes an empty file', async () => {
    const empty = await faultyServer(Buffer.alloc(0));
    await here.downloads.fetch(wantedOf(Buffer.alloc(0), `${empty.origin}/x`));
    await empty.close();

    expect(await here.blobs()).toMatchObject([
      { name: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', content: Buffer.alloc(0) },
    ]);
  });

  it('leaves whole files to two who fetch the same at once', async () => {
    const other = await scene({ directory: here.directory });

    await Promise.all([here.downloads.fetch(wanted()), other.downloads.fetch(wanted())]);

    await isHere();
    expect(await here.partial()).toEqual([]);
    await other.downloads.close();
  });

  it('keeps what has come when it is stopped, and says why it ended', async () => {
    const stop = new AbortController();
    site.play({ kind: 'stall', after: 2_000_000 });
    const tell = (event: TransferEvent) => event.kind === 'has' && event.bytes > 0 && stop.abort(new Error('Ctrl+C'));

    await expect(here.downloads.fetch(wanted(), { signal: stop.signal, tell })).rejects.toThrow('Ctrl+C');

    const [kept] = await here.partial();
    expect(kept?.length).toBeGreaterThan(0);
    expect(content.subarray(0, kept?.length).equals(kept as Buffer)).toBe(true);
  });
});

/** What a failure says, without what differs on each run. */
const seen = (work: Promise<unknown>) =>
  faultOf(
    work,
    [site.origin, 'http://files.example'],
    [site.origin.slice(7), 'files.example'],
    [wanted().sha256, '‹wanted›'],
  );

describe('a file that is another one', () => {
  it('is fetched twice, then refused with both digests, and not kept', async () => {
    site.play({ kind: 'wrong' }, { kind: 'wrong' });

    expect(await seen(here.downloads.fetch(wanted()))).toMatchInlineSnapshot(`
      "FETCH-CHANGED
      bin/k3s is not what the lock file says
      URL http://files.example/k3s
      wanted  sha256 ‹wanted›, 2.9 MiB (3000000 bytes)
      found   sha256 b98eef768aea220f68069d873cb7903f47de2be168ba2dc3302943899cadb124, 2.9 MiB (3000000 bytes)
      novasphere bundle resolve --check          tells whether upstream has changed it
      try another network or mirror: something on the way may have replaced it"
    `);
    expect(site.seen).toHaveLength(2);
    expect([await here.blobs(), await here.partial()]).toEqual([[], []]);
  });

  it('is right the second time where only the way was bad', async () => {
    site.play({ kind: 'wrong' });
    await here.downloads.fetch(wanted());
    await isHere();
  });

  it('is not read to its end when it is too long', async () => {
    site.play({ kind: 'endless' }, { kind: 'endless' });

    expect(await seen(here.downloads.fetch(wanted()))).toMatchInlineSnapshot(`
      "FETCH-CHANGED
      bin/k3s is not what the lock file says
      URL http://files.example/k3s
      wanted  sha256 ‹wanted›, 2.9 MiB (3000000 bytes)
      found   more than that: at least 2.9 MiB (3000001 bytes)
      novasphere bundle resolve --check          tells whether upstream has changed it
      try another network or mirror: something on the way may have replaced it"
    `);
    expect([await here.blobs(), await here.partial()]).toEqual([[], []]);
  });

  it('is not even begun when it announces that it is too long', async () => {
    site.play({ kind: 'long' }, { kind: 'long' });
    expect(await seen(here.downloads.fetch(wanted()))).toContain('FETCH-CHANGED');
  });

  it('is refused when it is too short', async () => {
    site.play({ kind: 'short', after: 12 }, { kind: 'short', after: 12 });
    expect(await seen(here.downloads.fetch(wanted()))).toMatchInlineSnapshot(`
      "FETCH-CHANGED
      bin/k3s is not what the lock file says
      URL http://files.example/k3s
      wanted  sha256 ‹wanted›, 2.9 MiB (3000000 bytes)
      found   sha256 f1ec2948b069380910f12e7f9bd4ada3e089bccff8f641e432eebbdeac405f9b, 12 bytes
      novasphere bundle resolve --check          tells whether upstream has changed it
      try another network or mirror: something on the way may have replaced it"
    `);
  });

  it('may be the page of a portal, which is said', async () => {
    site.play({ kind: 'page' }, { kind: 'page' });
    expect(await seen(here.downloads.fetch(wanted()))).toContain(
      'a web page came instead, such as a login or the portal of a network sends',
    );
  });
});

describe('a file that nobody knows yet', () => {
  it('comes into the store, and what it is is told', async () => {
    const { sha256, size } = wanted();
    expect(await here.downloads.resolve({ name: 'bin/k3s', url: `${site.origin}/k3s` })).toEqual({ sha256, size });
    await isHere();
  });

  it('goes on where it was cut', async () => {
    site.play({ kind: 'cut', after: 2_000_000 });
    await here.downloads.resolve({ name: 'bin/k3s', url: `${site.origin}/k3s` });
    expect(site.sent()).toBe(3_000_000);
  });

  it('is never put together from two versions', async () => {
    const next = someBytes(3_000_000, 8);
    site.play({ kind: 'cut', after: 2_000_000 }, { kind: 'other', content: next });

    const { sha256 } = await here.downloads.resolve({ name: 'bin/k3s', url: `${site.origin}/k3s` });

    expect(sha256).toBe(wantedOf(next, '').sha256);
  });

  it('begins anew where the server does not vouch for it', async () => {
    await site.close();
    site = await faultyServer(content, { validator: 'none' });
    site.play({ kind: 'cut', after: 2_000_000 });

    await here.downloads.resolve({ name: 'bin/k3s', url: `${site.origin}/k3s` });

    await isHere();
    expect(site.seen[1]?.headers.range).toBeUndefined();
  });

  it('is not the page of a portal', async () => {
    site.play({ kind: 'page' });
    const work = here.downloads.resolve({ name: 'bin/k3s', url: `${site.origin}/k3s` });
    expect(await seen(work)).toMatchInlineSnapshot(`
      "FETCH-FAILED
      cannot download bin/k3s: files.example sends a web page instead
      a login or the portal of a network answers like that
      URL http://files.example/k3s
      curl -fL -o /dev/null http://files.example/k3s          by hand, to see all that it says"
    `);
  });
});
