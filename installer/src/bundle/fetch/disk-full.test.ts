import { statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Write, writeAll } from '#bundle/store/part';
import { faultyServer } from './faulty-server.ts';
import { faultOf, type Scene, scene, someBytes, wantedOf } from './fetch-scene.ts';

const content = someBytes(6_000_000);
let site: Awaited<ReturnType<typeof faultyServer>>;
let here: Scene;
/** Bytes that the disk has room for. */
let room: number;

const smallDisk: Write = async (handle, buffers, position) => {
  const all = Buffer.concat(buffers);
  if (position + all.length <= room) return writeAll(handle, buffers, position);
  // The kernel writes what fits before it refuses the rest.
  await writeAll(handle, [all.subarray(0, room - position)], position);
  throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
};

beforeEach(async () => {
  site = await faultyServer(content);
  here = await scene({ write: smallDisk });
});
afterEach(async () => {
  await here.close();
  await site.close();
});

it('a full disk is told with the file, the place, what it needs and what is free; a later run goes on there', async () => {
  const wanted = wantedOf(content, `${site.origin}/k3s`);
  room = 2_500_000;

  const told = await faultOf(here.downloads.fetch(wanted), [here.directory, '/store'], [hostname(), 'builder']);

  const { bsize, blocks } = await statfs(here.directory);
  expect(
    told.replace(/\d[\d.]* [KMGT]iB, of which .* are free/, '‹size›, of which ‹free› are free'),
  ).toMatchInlineSnapshot(`
    "HOST-DISK-FULL
    cannot store bin/k3s, which needs 3.3 MiB more: the disk is full
    ENOSPC: no space left on device, write
    host builder
    file /store
    the filesystem under /store has ‹size›, of which ‹free› are free
    df -h /store
    du -xhd1 / | sort -h | tail          what takes the room
    free some space there, then run the same command again"
  `);
  expect(told).toContain(`has ${((bsize * blocks) / 2 ** 30).toFixed(1)} GiB, of which`);
  expect((await here.partial()).map(({ length }) => length)).toEqual([2_500_000]);
  expect(await here.blobs()).toEqual([]);

  room = 6_000_000;
  await here.downloads.fetch(wanted);

  expect(site.seen[1]?.headers.range).toBe('bytes=2500000-');
  expect((await here.blobs()).map((one) => one.content.equals(content))).toEqual([true]);
});

it('a full disk is not tried again', async () => {
  room = 1000;
  await expect(here.downloads.resolve({ name: 'bin/k3s', url: `${site.origin}/k3s` })).rejects.toThrow(
    'cannot store bin/k3s: the disk is full',
  );
  expect(site.seen).toHaveLength(1);
  expect(here.clock.slept).toEqual([]);
});
