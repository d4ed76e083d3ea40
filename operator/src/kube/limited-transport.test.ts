import { describe, expect, it } from 'vitest';
import { VirtualClock } from '#simulation/virtual-clock';
import { limitedTransport } from './limited-transport.ts';
import type { Transport } from './transport.ts';

function limited(clock: VirtualClock, limit = {}) {
  const sent: string[] = [];
  const transport: Transport = {
    async request({ path }) {
      sent.push(`${clock.elapsed()} ${path}`);
      return { status: 200, body: {} };
    },
    async *watch(path) {
      yield* [];
      sent.push(`${clock.elapsed()} watch ${path}`);
    },
  };
  return { made: limitedTransport(transport, { clock, ...limit }), sent };
}

const ask = (transport: Transport, count: number, signal?: AbortSignal) =>
  Promise.all(
    Array.from({ length: count }, (_, index) =>
      transport.request({ method: 'GET', path: `/${index}`, ...(signal ? { signal } : {}) }),
    ),
  );

describe('a limited transport', () => {
  it('lets thirty requests out at once and then one every 50 ms, in their order', async () => {
    const clock = new VirtualClock();
    const { made, sent } = limited(clock);

    await ask(made, 33);

    expect(sent.filter((line) => line.startsWith('0 '))).toHaveLength(30);
    expect(sent.slice(29)).toEqual(['0 /29', '50 /30', '100 /31', '150 /32']);
  });

  it('lets as many out at once again after a rest, and never more', async () => {
    const clock = new VirtualClock();
    const { made, sent } = limited(clock, { qps: 10, burst: 2 });
    await ask(made, 2);

    await clock.sleep(60_000);
    await ask(made, 3);

    expect(sent).toEqual(['0 /0', '0 /1', '60000 /0', '60000 /1', '60100 /2']);
  });

  it('holds no watch back', async () => {
    const clock = new VirtualClock();
    const { made, sent } = limited(clock, { qps: 1, burst: 1 });
    const asking = ask(made, 3);

    await Array.fromAsync(made.watch('/w', {}, new AbortController().signal));
    await asking;

    expect(sent).toEqual(['0 /0', '0 watch /w', '1000 /1', '2000 /2']);
  });

  it('sends nothing for whoever does not want it any more', async () => {
    const clock = new VirtualClock();
    const { made, sent } = limited(clock, { qps: 1, burst: 1 });
    const stop = new AbortController();
    const asking = ask(made, 2, stop.signal);

    stop.abort(new Error('the pass has taken too long'));

    await expect(asking).rejects.toThrow('the pass has taken too long');
    await expect(ask(made, 1, stop.signal)).rejects.toThrow('the pass has taken too long');
    await clock.sleep(10_000);
    expect(sent).toEqual(['0 /0']);
  });
});
