import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Arbitrary, array, assert, asyncProperty, constant, constantFrom, nat, oneof, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultyServer, type Trick } from './faulty-server.ts';
import { type Scene, scene, someBytes, wantedOf } from './fetch-scene.ts';

const content = someBytes(100_000);
const after = nat(content.length);
const trick: Arbitrary<Trick> = oneof(
  record({ kind: constantFrom('cut' as const, 'short' as const), after }),
  record({
    kind: constantFrom('wrong', 'long', 'chunked', 'ignore-range', 'cut-before', 'closed-end', 'endless'),
  }),
  record({ kind: constant('status' as const), status: constantFrom(401, 404, 416, 429, 500, 503) }),
  record({ kind: constant('page' as const) }),
  record({ kind: constant('other' as const), content: constantFrom(someBytes(100_000, 8), someBytes(7, 9)) }),
);

/** How many bytes a later run may take from what an earlier one left: the longest beginning that is right. */
async function usable({ partial }: Scene): Promise<number> {
  const [left] = (await partial()).toSorted((a, b) => b.length - a.length);
  return left !== undefined && content.subarray(0, left.length).equals(left) ? left.length : 0;
}

describe('whatever a server does', () => {
  it('the store holds the right bytes under their name or nothing, and a later run fetches only what is missing', async () => {
    await assert(
      asyncProperty(array(trick, { maxLength: 6 }), constantFrom('etag', 'date', 'none'), async (tricks, validator) => {
        const site = await faultyServer(content, { validator });
        const here = await scene();
        const wanted = wantedOf(content, `${site.origin}/k3s`);
        try {
          site.play(...tricks);
          const isDone = await here.downloads.fetch(wanted).then(
            () => true,
            () => false,
          );
          for (const blob of await here.blobs()) expect(blob).toEqual({ name: wanted.sha256, content });
          const kept = isDone ? content.length : await usable(here);

          site.calm();
          await here.downloads.fetch(wanted);

          expect(await here.blobs()).toEqual([{ name: wanted.sha256, content }]);
          expect(await here.partial()).toEqual([]);
          const rest = content.length - kept;
          // A beginning that is not right cannot be told before the end.
          expect(kept === 0 ? site.sent() <= 2 * rest : site.sent() === rest).toBe(true);
        } finally {
          await here.close();
          await site.close();
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('a fetch that is killed in the middle', () => {
  it('leaves nothing under a name, and a later one goes on behind what it had written', async () => {
    const long = someBytes(8_000_000);
    const site = await faultyServer(long);
    const here = await scene();
    const wanted = wantedOf(long, `${site.origin}/k3s`);
    site.play({ kind: 'stall', after: 5_000_000 });
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'fetch-once.ts'), here.directory, JSON.stringify(wanted)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(await here.blobs()).toEqual([]);
    const [left] = await here.partial();
    expect(left?.length).toBeGreaterThan(1_000_000);
    site.sent();

    await here.downloads.fetch(wanted);

    expect(site.sent()).toBe(long.length - (left?.length ?? 0));
    expect((await readFile(here.store.pathOf(wanted.sha256))).equals(long)).toBe(true);
    expect(await readdir(join(here.directory, 'partial'))).toEqual([]);
    await here.close();
    await site.close();
  });
});
