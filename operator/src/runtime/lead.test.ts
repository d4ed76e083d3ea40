import { describe, expect, it } from 'vitest';
import { VirtualClock } from '#simulation/virtual-clock';
import { abortOf } from './abort.ts';
import { Controller, type Running } from './controller.ts';
import { lead } from './lead.ts';
import { operatorLog } from './log.ts';
import type { Pass, Reconcile } from './pass.ts';

/** A controller of one key that leads, on a virtual clock. */
function rig(reconcile: (pass: Pass, clock: VirtualClock) => ReturnType<Reconcile>) {
  const clock = new VirtualClock();
  const lines: Record<string, unknown>[] = [];
  const at: number[] = [];
  const [told, lost] = [new AbortController(), new AbortController()];
  const controller = new Controller({
    name: 'wukong',
    time: clock,
    concurrency: 1,
    log: operatorLog({ destination: { write: (line) => void lines.push(JSON.parse(line)) } }),
    synced: Promise.resolve(),
    about: {
      source: { all: () => [{ apiVersion: 'v1', kind: 'A', metadata: { name: 'a' } }], onChange: () => () => {} },
      keys: () => ['plant/a'],
    },
    reconcile: (_, pass) => {
      at.push(clock.elapsed());
      return reconcile(pass, clock);
    },
  });
  const signal = AbortSignal.any([told.signal, lost.signal]);
  const ended: number[] = [];
  const end = lead({ time: clock, signal, told: told.signal, work: [controller] }).then(() =>
    ended.push(clock.elapsed()),
  );
  return { clock, lines, at, told, lost, controller, end, ended };
}

/** A request that takes so long, or ends with the pass. */
const request = (pass: Pass, clock: VirtualClock, milliseconds: number) => clock.sleep(milliseconds, pass.signal);

describe('a leader', () => {
  it('that is told to stop lets what is under way come to its end, and begins nothing', async () => {
    const { clock, told, ended, at, end, controller } = rig(async (pass, time) => {
      await request(pass, time, 20_000);
      return {};
    });
    await clock.sleep(5000);

    told.abort();
    controller.add('plant/b');
    await end;

    expect([at, ended]).toEqual([[0], [20_000]]);
    expect(controller.counts.results.success).toBe(1);
  });

  it('that is told to stop breaks off what takes longer than 25 s', async () => {
    const { clock, told, ended, end, controller } = rig(async (pass, time) => {
      await request(pass, time, 55_000);
      return {};
    });
    await clock.sleep(5000);

    told.abort();
    await end;
    await clock.sleep(1);

    expect(ended).toEqual([30_000]);
    expect(controller.counts.results).toMatchObject({ success: 0, error: 1 });
  });

  it('that has lost the lead breaks off at once what is under way', async () => {
    const { clock, lost, ended, end, controller, lines } = rig(async (pass, time) => {
      await request(pass, time, 20_000);
      return {};
    });
    await clock.sleep(5000);

    lost.abort();
    await end;
    await clock.sleep(1);

    expect(ended).toEqual([5000]);
    expect(controller.counts.results).toMatchObject({ success: 0, error: 1 });
    expect(lines).toEqual([]);
  });

  it('ends when anything that runs while it leads fails, and takes the rest with it', async () => {
    const clock = new VirtualClock();
    const { signal } = new AbortController();
    let isFenced = false;
    const fails = { run: () => clock.sleep(1000).then(() => Promise.reject(new Error('no caches'))) };
    const goesOn = {
      run: async ({ fence }: Running) => {
        await abortOf(fence);
        isFenced = true;
      },
    };

    const end = lead({ time: clock, signal, told: signal, work: [fails, goesOn] });

    await expect(end).rejects.toThrow('no caches');
    await clock.sleep(1);
    expect(isFenced).toBe(true);
  });
});
