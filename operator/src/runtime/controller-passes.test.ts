import { describe, expect, it } from 'vitest';
import { StatusError } from '#kube/status-error';
import { request, rig } from '../../../test/fixtures/leading-controller.ts';
import { TerminalError } from './terminal-error.ts';

describe('a pass', () => {
  it('that throws is tried again later, and told with controller, key and its own name', async () => {
    const { clock, lines, at, controller } = rig(async () => {
      throw new Error('the API server is busy');
    });

    await clock.sleep(2000);

    expect(at).toEqual([0, 1000]);
    expect(lines[0]).toMatchObject({
      level: 'error',
      msg: 'reconcile failed',
      controller: 'wukong',
      key: 'plant/a',
      error: { message: 'the API server is busy' },
    });
    expect(controller.counts).toMatchObject({
      results: { success: 0, error: 2 },
      terminal: 0,
      mistakes: 0,
      timeouts: 0,
    });
  });

  it('that cannot be helped is not tried again', async () => {
    const { clock, at, controller } = rig(async () => {
      throw new TerminalError('the size is no number');
    });

    await clock.sleep(24 * 3_600_000);

    expect(at).toEqual([0]);
    expect(controller.counts).toMatchObject({ results: { error: 1 }, terminal: 1 });
  });

  it('that asks to be called again is', async () => {
    const { clock, at, controller } = rig(async () => ({ after: 300_000 }));

    await clock.sleep(650_000);

    expect(at).toEqual([0, 300_000, 600_000]);
    expect(controller.counts.results).toEqual({ success: 0, error: 0, requeue_after: 3 });
  });

  it('that was overtaken by another writer is tried again, and is no news', async () => {
    const { clock, at, lines } = rig(async () => {
      throw new StatusError({ status: 409, body: { message: 'conflict' } }, 'PUT /x');
    });

    await clock.sleep(1500);

    expect(at).toEqual([0, 1000]);
    expect(lines).toEqual([]);
  });

  it('that takes longer than a minute has its requests broken off, and is tried again', async () => {
    const { clock, at, lines, controller } = rig(async (pass, time) => {
      await request(pass, time, 3_600_000);
      return {};
    });

    await clock.sleep(61_500);

    expect(at).toEqual([0, 61_000]);
    expect(lines[0]).toMatchObject({ error: { message: 'the pass took longer than 60 s' } });
    expect(controller.counts.timeouts).toBe(1);
  });

  it('is never begun a second time while the first does not heed its deadline', async () => {
    const { clock, at, controller } = rig(async (_, time) => {
      await time.sleep(200_000);
      return {};
    });

    await clock.sleep(100_000);
    controller.add('plant/a');
    await clock.sleep(150_000);

    expect(at).toEqual([0, 200_000]);
  });

  it('leaves no deadline behind when it ends in time', async () => {
    const signals: AbortSignal[] = [];
    const { clock } = rig(async ({ signal }) => {
      signals.push(signal);
      return {};
    });

    await clock.sleep(600_000);

    expect(signals.map((signal) => signal.aborted)).toEqual([false]);
  });

  it.for([
    ['a mistake of the program', new TypeError('x is undefined')],
    ['something that is no error', 'gone'],
  ])('that throws %s ends neither the process nor the controller', async ([, thrown]) => {
    const { clock, at, controller } = rig(async () => {
      throw thrown;
    });

    await clock.sleep(1500);

    expect(at).toEqual([0, 1000]);
    expect(controller.counts.mistakes).toBe(2);
  });

  it('carries a name of its own into every line', async () => {
    const { clock, lines } = rig(async ({ log, reconcileId }) => {
      log.info('looked', { id: reconcileId });
      return { after: 1000 };
    });

    await clock.sleep(1500);

    const [first, second] = lines;
    expect(first).toMatchObject({ controller: 'wukong', key: 'plant/a', reconcileID: first?.['id'] });
    expect(first?.['reconcileID']).not.toBe(second?.['reconcileID']);
  });
});
