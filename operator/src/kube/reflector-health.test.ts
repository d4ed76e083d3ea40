import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '#simulation/virtual-clock';
import { bookmarks, breaks, list, runFor, scripted, status } from '../../../test/fixtures/scripted-transport.ts';

const refused = new Error('connect ECONNREFUSED 127.0.0.1:6443');
const forbidden = status(403, 'pods is forbidden: User "operator" cannot list resource "pods"');

describe('a reflector whose server does not serve it', () => {
  it('waits half a minute where it is not allowed to look, and syncs when it is', async () => {
    const clock = new VirtualClock();
    const { reflector, log } = scripted(clock, { lists: [...Array.from({ length: 20 }, () => forbidden), list('7')] });

    await runFor(clock, reflector, 601_000);

    expect(log.slice(0, 3)).toEqual(['0 list 500', '30000 list 500', '60000 list 500']);
    expect(log.slice(-2)).toEqual(['600000 list 500', '600000 watch 7']);
  });

  it('waits as long as a busy server asks before it lists again', async () => {
    const clock = new VirtualClock();
    const { reflector, log } = scripted(clock, { lists: [status(429, 'busy', 7), status(503, 'busy', 11), list('7')] });

    await runFor(clock, reflector, 20_000);

    expect(log).toEqual(['0 list 500', '7000 list 500', '18000 list 500', '18000 watch 7']);
  });

  it('is back within 35 s after a server was away for five minutes, whatever the pauses were', async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })), async (numbers) => {
        const clock = new VirtualClock();
        const random = () => numbers.next().value ?? 0;
        const lists = [...Array.from({ length: 10_000 }, () => refused), list('7')];
        const { reflector, log } = scripted(clock, { lists, options: { random } });
        void clock.sleep(300_000).then(() => lists.splice(0, lists.length - 1));

        await runFor(clock, reflector, 335_000);

        expect(log.at(-1)).toMatch(/watch 7$/);
      }),
      { numRuns: 20 },
    );
  });

  it('asks a server that is away more and more rarely', async () => {
    const clock = new VirtualClock();
    const { reflector, log } = scripted(clock, { lists: [refused] });

    await runFor(clock, reflector, 300_000);

    expect(log.slice(0, 5).map((line) => Number.parseInt(line, 10))).toEqual([0, 300, 850, 1900, 3950]);
    expect(log.length).toBeLessThan(30);
  });
});

describe('what a reflector tells of itself', () => {
  const health = async (script: Parameters<typeof scripted>[1], milliseconds: number) => {
    const clock = new VirtualClock();
    const { reflector } = scripted(clock, script);
    const stop = new AbortController();
    void reflector.run(stop.signal);
    await clock.sleep(milliseconds);
    const found = reflector.health();
    stop.abort();
    return found;
  };

  it('is well after a list and a stream', async () => {
    expect(await health({ lists: [list('7')] }, 1000)).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: 'x',
      synced: true,
      dormant: false,
      lastHeard: 0,
      restarts: 0,
      healthy: true,
      size: 0,
      needed: true,
    });
  });

  it('is a bookmark that was heard, and streams that were opened again', async () => {
    const clock = new VirtualClock();
    const { reflector } = scripted(clock, { lists: [list('7')], streams: [breaks, breaks, bookmarks(clock)] });

    await runFor(clock, reflector, 130_000);

    expect(reflector.health()).toMatchObject({ restarts: 2, lastHeard: 120_850, healthy: true });
  });

  it('is a trouble, which is none of its health before a minute is over', async () => {
    const trouble = 'connect ECONNREFUSED 127.0.0.1:6443';

    expect(await health({ lists: [refused] }, 59_000)).toMatchObject({ trouble, healthy: true, synced: false });
    expect(await health({ lists: [refused] }, 61_000)).toMatchObject({ trouble, healthy: false, synced: false });
  });

  it('is at once that it is not allowed to look', async () => {
    expect(await health({ lists: [forbidden] }, 1000)).toMatchObject({
      trouble: 'pods is forbidden: User "operator" cannot list resource "pods"',
      healthy: false,
    });
  });

  it('is no trouble any more once a stream is open again', async () => {
    expect(await health({ lists: [refused, forbidden, list('7')] }, 40_000)).toMatchObject({ healthy: true });
    expect(await health({ lists: [refused, forbidden, list('7')] }, 40_000)).not.toHaveProperty('trouble');
  });

  it('is that its kind is not served', async () => {
    const discovery = [{ status: 404, body: '' }];

    expect(await health({ discovery }, 1000)).toMatchObject({ dormant: true, synced: true, healthy: true });
  });
});
