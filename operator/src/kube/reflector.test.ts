import { describe, expect, it } from 'vitest';
import { VirtualClock } from '#simulation/virtual-clock';
import {
  bookmarks,
  breaks,
  ends,
  list,
  pod,
  runFor,
  type Stream,
  scripted,
  sends,
} from '../../../test/fixtures/scripted-transport.ts';
import type { Response } from './transport.ts';

describe('a reflector', () => {
  it('lists, then watches on from the version of the list', async () => {
    const clock = new VirtualClock();
    const { reflector, log } = scripted(clock, {
      lists: [list('7', pod('a', '3'))],
      streams: [sends({ type: 'ADDED', object: pod('b', '8') })],
    });

    await runFor(clock, reflector, 1000);

    expect(log).toEqual(['0 list 500', '0 watch 7']);
    expect(reflector.all().map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
  });

  it('goes on from a bookmark', async () => {
    const clock = new VirtualClock();
    const bookmark: Stream = async function* () {
      yield { type: 'BOOKMARK', object: { metadata: { resourceVersion: '99' } } };
    };
    const { reflector, log } = scripted(clock, { lists: [list('7')], streams: [bookmark] });

    await runFor(clock, reflector, 2000);

    expect(log).toEqual(['0 list 500', '0 watch 7', '1000 watch 99']);
  });

  it('never opens streams faster than once a second, however often they end', async () => {
    const clock = new VirtualClock();
    const { reflector, log } = scripted(clock, {
      lists: [list('7')],
      streams: Array.from({ length: 1000 }, () => ends),
    });

    await runFor(clock, reflector, 60_500);

    expect(log.filter((line) => line.includes('watch')).length).toBeLessThanOrEqual(61);
  });

  it('lists again at once when its version is forgotten', async () => {
    const clock = new VirtualClock();
    const gone = sends({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' } });
    const { reflector, log } = scripted(clock, {
      lists: [list('7', pod('a', '3')), list('20', pod('b', '15'))],
      streams: [gone],
    });
    const told: string[] = [];
    reflector.onChange({
      added: ({ metadata }) => told.push(`+${metadata.name}`),
      deleted: ({ metadata }) => told.push(`-${metadata.name}`),
    });

    await runFor(clock, reflector, 1000);

    expect(log).toEqual(['0 list 500', '0 watch 7', '0 list 500', '0 watch 20']);
    expect(told).toEqual(['+a', '-a', '+b']);
  });

  it('watches on from where it was after a broken stream, with growing pauses', async () => {
    const clock = new VirtualClock();
    const { reflector, log } = scripted(clock, { lists: [list('7')], streams: [breaks, breaks, breaks] });

    await runFor(clock, reflector, 10_000);

    expect(log).toEqual(['0 list 500', '0 watch 7', '300 watch 7', '850 watch 7', '1900 watch 7']);
  });

  it('begins anew when streams keep breaking', async () => {
    const clock = new VirtualClock();
    const { reflector, log } = scripted(clock, {
      lists: [list('7'), list('9')],
      streams: Array.from({ length: 5 }, () => breaks),
    });

    await runFor(clock, reflector, 60_000);

    expect(log.at(-1)).toContain('watch 9');
  });

  it('keeps trying while the first list fails, and syncs then', async () => {
    const clock = new VirtualClock();
    const { reflector } = scripted(clock, {
      lists: [new Error('connect ECONNREFUSED'), { status: 500, body: '' }, list('7', pod('a', '3'))],
    });
    const stop = new AbortController();
    const running = reflector.run(stop.signal);

    await reflector.synced;
    stop.abort();
    await running;

    expect(reflector.all()).toHaveLength(1);
  });

  it('outlives whoever is told of its list, and throws', async () => {
    const clock = new VirtualClock();
    const { reflector, log, troubles } = scripted(clock, { lists: [list('7', pod('a', '3'))] });
    const oops = () => {
      throw new Error('oops');
    };
    reflector.onSync(oops);
    reflector.onChange({ added: oops });

    await runFor(clock, reflector, 1000);

    expect(log).toEqual(['0 list 500', '0 watch 7']);
    expect(troubles).toEqual(['oops', 'oops']);
  });

  it('tells each broken stream once', async () => {
    const clock = new VirtualClock();
    const { reflector, troubles } = scripted(clock, {
      lists: [list('7')],
      streams: Array.from({ length: 6 }, () => breaks),
    });

    await runFor(clock, reflector, 60_000);

    expect(troubles).toEqual(Array.from({ length: 6 }, () => 'terminated'));
  });

  it('sleeps while its kind is not served', async () => {
    const clock = new VirtualClock();
    const none: Response = { status: 404, body: '' };
    const { reflector, log } = scripted(clock, { lists: [list('7')], discovery: [none, none] });

    await runFor(clock, reflector, 70_000);

    expect(reflector.hasSynced).toBe(true);
    expect(log).toEqual(['60000 list 500', '60000 watch 7']);
  });

  it('takes a connection for dead after four minutes of silence', async () => {
    const clock = new VirtualClock();
    const { reflector, log } = scripted(clock, { lists: [list('7')] });

    await runFor(clock, reflector, 250_000);

    expect(log.slice(0, 3)).toEqual(['0 list 500', '0 watch 7', expect.stringMatching(/^2403\d\d watch 7$/)]);
  });

  it('leaves a stream alone that is idle but for its bookmarks, until its time is over', async () => {
    const clock = new VirtualClock();
    const { reflector, log } = scripted(clock, { lists: [list('7')], streams: [bookmarks(clock)] });

    await runFor(clock, reflector, 500_000);

    // It was asked for 450 s, and such a server has half a minute more to end it.
    expect(log).toEqual(['0 list 500', '0 watch 7', '480000 watch 106']);
  });

  it('takes nothing for a kind that is not served but what discovery says, be it of an API that is away', async () => {
    const clock = new VirtualClock();
    const away: Response = { status: 503, body: 'service unavailable\n' };
    const { reflector, log } = scripted(clock, { lists: [list('7')], discovery: [away, away] });

    await runFor(clock, reflector, 1000);

    // Two pauses of growing length, and never the half minute of a kind that is not there.
    expect(log).toEqual(['850 list 500', '850 watch 7']);
  });

  it('reads a list page by page, and all of it again when a page has expired', async () => {
    const clock = new VirtualClock();
    const first: Response = {
      status: 200,
      body: { metadata: { resourceVersion: '7', continue: 'more' }, items: [pod('a', '3')] },
    };
    const { reflector, log } = scripted(clock, {
      lists: [first, { status: 410, body: {} }, list('9', pod('a', '3'), pod('b', '4'))],
    });

    await runFor(clock, reflector, 100);

    expect(log).toEqual(['0 list 500', '0 list 500', '0 list undefined', '0 watch 9']);
    expect(reflector.all()).toHaveLength(2);
  });
});
