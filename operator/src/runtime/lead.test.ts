import { describe, expect, it } from 'vitest';
import { VirtualClock } from '#simulation/virtual-clock';
import { request, rig } from '../../../test/fixtures/leading-controller.ts';
import { abortOf } from './abort.ts';
import type { Running } from './controller.ts';
import { lead } from './lead.ts';

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
