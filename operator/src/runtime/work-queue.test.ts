import { describe, expect, it } from 'vitest';
import { VirtualClock } from '#simulation/virtual-clock';
import { type Again, WorkQueue } from './work-queue.ts';

function rig(reconcile: (key: string, clock: VirtualClock) => Promise<Again>, concurrency = 4) {
  const clock = new VirtualClock();
  const stop = new AbortController();
  const runs: { readonly key: string; readonly at: number }[] = [];
  const queue = new WorkQueue({
    time: clock,
    signal: stop.signal,
    concurrency,
    reconcile(key) {
      runs.push({ key, at: clock.elapsed() });
      return reconcile(key, clock);
    },
    failed: () => {},
  });
  const at = (key: string) => runs.filter((run) => run.key === key).map((run) => run.at);
  return { clock, stop, runs, queue, at };
}

const second = async (_: string, clock: VirtualClock): Promise<Again> => {
  await clock.sleep(1000);
  return {};
};

describe('the work queue', () => {
  it('runs a key at most twice however often it is added', async () => {
    const { queue, clock, runs } = rig(second);

    for (let count = 0; count < 10_000; count++) queue.add('a/b');
    await clock.sleep(500);
    expect(runs).toHaveLength(1);
    for (let count = 0; count < 10_000; count++) queue.add('a/b');
    await clock.sleep(60_000);

    expect(runs).toHaveLength(2);
  });

  it('runs a key once more that is added while it is worked on, and never twice at a time', async () => {
    const { queue, clock, at } = rig(second);

    queue.add('a/b');
    await clock.sleep(500);
    queue.add('a/b');
    await clock.sleep(60_000);

    expect(at('a/b')).toEqual([0, 1000]);
  });

  it('works on different keys side by side, on as many as it may', async () => {
    const { queue, clock, runs } = rig(second, 2);

    for (const key of ['a', 'b', 'c']) queue.add(key);
    await clock.sleep(60_000);

    expect(runs).toEqual([
      { key: 'a', at: 0 },
      { key: 'b', at: 0 },
      { key: 'c', at: 1000 },
    ]);
  });

  it('calls again after the time that was asked for', async () => {
    const { queue, clock, at } = rig(async () => ({ after: 30_000 }));

    queue.add('x');
    await clock.sleep(65_000);

    expect(at('x')).toEqual([0, 30_000, 60_000]);
  });

  it('begins nothing after its signal, and says when what was under way has ended', async () => {
    const { queue, clock, stop, runs } = rig(second, 1);

    for (const key of ['a', 'b']) queue.add(key);
    await clock.sleep(500);
    stop.abort();
    queue.add('c');
    await queue.idle();

    expect(runs).toEqual([{ key: 'a', at: 0 }]);
    expect(clock.elapsed()).toBe(1000);
  });

  it('runs thousands of keys once each, in the order in which they came, and remembers nothing of them', async () => {
    const { queue, clock, runs } = rig(async () => ({}));
    const keys = Array.from({ length: 5000 }, (_, count) => `plant/press-${count}`);

    for (const key of keys) queue.add(key);
    await clock.sleep(1000);

    expect(runs.map((run) => run.key)).toEqual(keys);
    expect(queue.remembered).toBe(0);
  });

  it('lets others in between while thousands of keys find nothing to do', async () => {
    const { queue, clock, runs } = rig(async () => ({}));
    for (let count = 0; count < 1000; count++) queue.add(`plant/press-${count}`);

    const seen = runs.length;
    await new Promise<void>((resolve) => setImmediate(resolve));

    expect([seen, runs.length]).toEqual([0, 100]);
    await clock.sleep(1000);
    expect(runs).toHaveLength(1000);
  });

  it('tells how it stands: what waits, what is worked on since when, what was added and tried again', async () => {
    const { queue, clock } = rig(async (key) => {
      await clock.sleep(1000);
      if (key === 'bad') throw new Error('no');
      return {};
    }, 2);

    for (const key of ['bad', 'a', 'b', 'a', 'a']) queue.add(key);
    await clock.sleep(500);
    queue.add('bad');
    expect(queue.state()).toEqual({ depth: 2, adds: 4, retries: 0, working: [0, 0] });

    await clock.sleep(1000);
    expect(queue.state()).toEqual({ depth: 0, adds: 4, retries: 1, working: [1000, 1000] });
  });

  it('tells its observer how long keys waited and were worked on', async () => {
    const clock = new VirtualClock();
    const { signal } = new AbortController();
    const told: string[] = [];
    const observer = {
      waited: (milliseconds: number) => told.push(`waited ${milliseconds}`),
      worked: (milliseconds: number) => told.push(`worked ${milliseconds}`),
    };
    const reconcile = (key: string) => second(key, clock);
    const queue = new WorkQueue({ time: clock, signal, concurrency: 1, observer, reconcile, failed: () => {} });

    for (const key of ['a', 'b']) queue.add(key);
    await clock.sleep(5000);

    expect(told).toEqual(['waited 0', 'worked 1000', 'waited 1000', 'worked 1000']);
  });
});
