import { describe, expect, it } from 'vitest';
import { VirtualClock } from '#simulation/virtual-clock';
import { type Again, WorkQueue } from './work-queue.ts';

function rig(reconcile: (key: string, clock: VirtualClock) => Promise<Again>, concurrency = 4) {
  const clock = new VirtualClock();
  const stop = new AbortController();
  const runs: { readonly key: string; readonly at: number }[] = [];
  const errors: unknown[] = [];
  const queue = new WorkQueue({
    time: clock,
    signal: stop.signal,
    concurrency,
    reconcile(key) {
      runs.push({ key, at: clock.elapsed() });
      return reconcile(key, clock);
    },
    failed: (_, error) => errors.push(error),
  });
  const at = (key: string) => runs.filter((run) => run.key === key).map((run) => run.at);
  return { clock, stop, runs, errors, queue, at };
}

const second = async (_: string, clock: VirtualClock): Promise<Again> => {
  await clock.sleep(1000);
  return {};
};

describe('the work queue', () => {
  it('runs a key at most twice however often it is added', async () => {
    const { queue, clock, runs } = rig(second);

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

  it('tries a failing key later and later, up to five minutes, while others flow', async () => {
    const { queue, clock, at, errors } = rig(async (key) => {
      if (key === 'bad') throw new Error('no');
      return {};
    }, 1);

    queue.add('bad');
    await clock.sleep(20 * 60_000);
    queue.add('good');
    await clock.sleep(1);

    const times = at('bad');
    const pauses = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / 1000);
    expect(pauses.slice(0, 11)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    expect(errors).toHaveLength(times.length);
    expect(at('good')).toEqual([20 * 60_000]);
  });

  it('begins with a second again after a success', async () => {
    let isBad = true;
    const { queue, clock, at } = rig(async () => {
      if (isBad) throw new Error('no');
      return {};
    });

    queue.add('x');
    await clock.sleep(10_000);
    isBad = false;
    await clock.sleep(10_000);
    isBad = true;
    queue.add('x');
    await clock.sleep(1_500);

    expect(at('x')).toEqual([0, 1000, 3000, 7000, 15_000, 20_000, 21_000]);
  });

  it('keeps one pause for each key, the one that ends first', async () => {
    const { queue, clock, at } = rig(async () => {
      throw new Error('no');
    });

    for (let count = 0; count < 5; count++) {
      queue.add('x');
      await clock.sleep(10);
    }
    await clock.sleep(2_000);

    // Five runs by hand, one by the pause of the first: not one for each failure.
    expect(at('x')).toEqual([0, 10, 20, 30, 40, 1000]);
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
});
