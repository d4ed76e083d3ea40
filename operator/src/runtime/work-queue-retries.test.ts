import { describe, expect, it } from 'vitest';
import { VirtualClock } from '#simulation/virtual-clock';
import { TerminalError } from './terminal-error.ts';
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

describe('the work queue', () => {
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

  it('does not try again what is in vain, until it is added again', async () => {
    const { queue, clock, at, errors } = rig(async () => {
      throw new TerminalError('the size is no number');
    });

    queue.add('x');
    await clock.sleep(24 * 3_600_000);
    queue.add('x');
    await clock.sleep(24 * 3_600_000);

    expect(at('x')).toEqual([0, 24 * 3_600_000]);
    expect(errors).toHaveLength(2);
  });

  it('drops the retry that was pending when it turns out to be in vain, or succeeds', async () => {
    const ends: (() => Again)[] = [
      () => {
        throw new Error('busy');
      },
      () => {
        throw new TerminalError('no');
      },
      () => {
        throw new Error('busy');
      },
      () => ({}),
    ];
    const { queue, clock, at } = rig(async () => (ends.shift() as () => Again)());

    for (const pause of [0, 500, 500, 500]) {
      await clock.sleep(pause);
      queue.add('x');
    }
    await clock.sleep(3_600_000);

    expect(at('x')).toEqual([0, 500, 1000, 1500]);
    expect(queue.remembered).toBe(0);
  });

  it('keeps the earliest of the times at which a key is wanted again, whoever asked', async () => {
    let isBad = true;
    const { queue, clock, at } = rig(async () => {
      if (isBad) throw new Error('no');
      return {};
    });

    queue.addAfter('x', 5000);
    queue.addAfter('x', 700);
    queue.addAfter('x', 9000);
    await clock.sleep(600);
    queue.add('x');
    await clock.sleep(150);
    isBad = false;
    await clock.sleep(60_000);

    // The first failure's second is later than the 700 ms that were asked for; the second failure is retried after 2 s.
    expect(at('x')).toEqual([600, 700, 2700]);
  });

  it('spreads the retries of many keys that fail together: a hundred at once, then ten a second', async () => {
    const { queue, clock, runs } = rig(async () => {
      if (clock.elapsed() < 900) throw new Error('the API server is away');
      return {};
    });

    for (let count = 0; count < 150; count++) queue.add(`press-${count}`);
    await clock.sleep(60_000);

    const retries = runs.filter((run) => run.at > 0).map((run) => run.at);
    expect(retries.filter((at) => at === 1000)).toHaveLength(110);
    expect(retries.slice(110)).toEqual(Array.from({ length: 40 }, (_, count) => 1100 + 100 * count));
  });

  it('spreads retries by a fifth to either side', async () => {
    const pauses = await Promise.all(
      [0, 0.999].map(async (number) => {
        const clock = new VirtualClock();
        const at: number[] = [];
        const { signal } = new AbortController();
        const reconcile = async (): Promise<Again> => {
          at.push(clock.elapsed());
          throw new Error('no');
        };
        const random = () => number;
        new WorkQueue({ time: clock, signal, concurrency: 1, random, reconcile, failed: () => {} }).add('x');
        await clock.sleep(5000);
        return at.slice(0, 3).map(Math.round);
      }),
    );

    expect(pauses).toEqual([
      [0, 800, 2400],
      [0, 1200, 3599],
    ]);
  });

  it('survives a reconcile that throws at once, or answers nothing', async () => {
    const { queue, clock, errors, at } = rig(((key: string) => {
      if (key === 'throws') throw new Error('no');
      return Promise.resolve(undefined);
    }) as never);

    for (const key of ['throws', 'answers nothing']) queue.add(key);
    await clock.sleep(1500);

    expect(errors).toHaveLength(4);
    expect(at('throws')).toEqual([0, 1000]);
  });
});
