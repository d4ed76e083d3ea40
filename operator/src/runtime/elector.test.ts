import { describe, expect, it } from 'vitest';
import type { Transport } from '#kube/transport';
import { replicas } from '../../../test/fixtures/replicas.ts';
import { elect, leadAlone } from './elector.ts';
import { maySpeak } from './standing.ts';

describe('the election', () => {
  it('lets one of two lead, and the other look on', async () => {
    const { clock, replica, story, lease } = replicas();
    replica('a');
    replica('b');

    await clock.sleep(10 * 60_000);

    expect(story).toEqual(['0 s a leads']);
    expect((await lease()).spec).toMatchObject({
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      leaseTransitions: 0,
      acquireTime: '2026-11-21T06:00:00.000000Z',
    });
  });

  it('is handed over in less than 3 seconds when the leader is told to stop', async () => {
    const { clock, replica, story, lease } = replicas();
    const a = replica('a');
    replica('b');
    await clock.sleep(61_000);

    a.stop();
    await clock.sleep(2_900);

    expect(story).toEqual(['0 s a leads', '61 s a ends', '61 s a is done', '61 s b leads']);
    expect((await lease()).spec).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
  });

  it('keeps the lease while what is under way comes to its end', async () => {
    const { clock, replica, story } = replicas();
    const a = replica('a', { drain: 24_000 });
    replica('b');
    await clock.sleep(60_000);

    a.stop();
    await clock.sleep(60_000);

    expect(story).toEqual(['0 s a leads', '84 s a ends', '84 s a is done', '84 s b leads']);
  });

  it('is watched by who waits: a minute of it costs no request but that stream', async () => {
    const { clock, server, replica } = replicas();
    const { transport, asked } = listening(server);
    replica('a');
    await clock.sleep(1000);
    replica('b', { transport });
    await clock.sleep(1000);
    asked.length = 0;

    await clock.sleep(60_000);

    expect(asked).toEqual([]);
  });

  it('is looked at every two seconds where it may not be watched', async () => {
    const { clock, server, replica, story } = replicas();
    const { transport, asked } = listening(server);
    const forbidden: Transport = {
      request: (request) => transport.request(request),
      async *watch() {
        yield { type: 'ERROR', object: { code: 403, message: 'leases is forbidden' } };
      },
    };
    const a = replica('a');
    await clock.sleep(1000);
    replica('b', { transport: forbidden });
    await clock.sleep(60_000);
    expect(asked).toHaveLength(30);

    a.stop();
    await clock.sleep(2900);

    expect(story).toEqual(['0 s a leads', '61 s a ends', '61 s a is done', '63 s b leads']);
  });

  it('tells who leads and until when that holds', async () => {
    const { clock, replica } = replicas();
    const [a, b] = [replica('a'), replica('b')];
    await clock.sleep(61_000);

    expect([a.standing, b.standing]).toEqual([
      { leading: true, renewed: 60_000 },
      { leading: false, renewed: 0 },
    ]);
    a.stop();
    await clock.sleep(1000);
    expect([a.standing.leading, b.standing.leading]).toEqual([false, true]);
  });

  it('is no longer held by who fails while leading', async () => {
    const { clock, server } = replicas();
    const standing = { leading: false, renewed: 0 };
    const about = { transport: server, time: clock, namespace: 'default', name: 'wukong-operator', identity: 'a' };
    const { signal } = new AbortController();

    const end = elect({ ...about, signal, standing, lead: () => Promise.reject(new Error('no caches')) });

    await expect(end).rejects.toThrow('no caches');
    expect(standing.leading).toBe(false);
  });

  it('is not had without the right to it, and that is told', async () => {
    const { clock, server } = replicas();
    const told: unknown[] = [];
    const forbidden: Transport = {
      request: async ({ method }) =>
        method === 'GET'
          ? { status: 403, body: { kind: 'Status', message: 'leases is forbidden' } }
          : { status: 200, body: {} },
      watch: (...about) => server.watch(...about),
    };
    const stop = new AbortController();
    const about = { transport: forbidden, time: clock, namespace: 'default', name: 'wukong-operator', identity: 'a' };

    const end = elect({ ...about, signal: stop.signal, lead: async () => {}, trouble: (error) => told.push(error) });
    await clock.sleep(5000);
    stop.abort();

    expect(await end).toBe('done');
    expect(told.map(String)).toEqual(Array(3).fill('StatusError: leases is forbidden'));
  });

  it('is not held at all where nobody else is', async () => {
    const stop = new AbortController();
    const standing = { leading: false, renewed: 0 };
    const lead = async (signal: AbortSignal) => {
      await Promise.resolve();
      expect(maySpeak(standing, 1e12)).toBe(true);
      signal.throwIfAborted();
    };

    await leadAlone({ signal: stop.signal, standing, lead });

    expect(standing.leading).toBe(false);
  });
});

/** The server, with the paths that were asked for noted down. */
function listening(server: Transport) {
  const asked: string[] = [];
  const transport: Transport = {
    request: (request) => {
      asked.push(request.path);
      return server.request(request);
    },
    watch: (...about) => server.watch(...about),
  };
  return { transport, asked };
}
