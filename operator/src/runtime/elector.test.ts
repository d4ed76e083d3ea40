import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { Transport } from '#kube/transport';
import { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import { VirtualClock } from '#simulation/virtual-clock';
import { elect } from './elector.ts';
import type { Time } from './time.ts';

const path = '/apis/coordination.k8s.io/v1/namespaces/default/leases/wukong-operator';

/** Some replicas of one operator on one clock and one API server. */
function rig() {
  const clock = new VirtualClock();
  const server = new SimulatedApiServer({ clock });
  const story: string[] = [];
  const say = (text: string) => story.push(`${(clock.elapsed() / 1000).toFixed(0)} s ${text}`);
  const replica = (identity: string, about: { time?: Time; transport?: Transport; drain?: number } = {}) => {
    const stop = new AbortController();
    const end = elect({
      transport: about.transport ?? server,
      time: about.time ?? clock,
      namespace: 'default',
      name: 'wukong-operator',
      identity,
      signal: stop.signal,
      async lead(signal) {
        say(`${identity} leads`);
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        await clock.sleep(about.drain ?? 0);
        say(`${identity} ends`);
      },
    });
    end.then((how) => say(`${identity} is ${how}`)).catch(() => say(`${identity} fails`));
    return { end, stop: () => stop.abort() };
  };
  const lease = async (): Promise<Json> => (await server.request({ method: 'GET', path })).body;
  return { clock, server, story, replica, lease };
}

/** A wire that can be cut: requests neither arrive nor fail. */
function cuttable(server: Transport) {
  const wire = { isCut: false };
  const transport: Transport = {
    request: (request) =>
      wire.isCut
        ? new Promise((_, reject) => request.signal?.addEventListener('abort', () => reject(request.signal?.reason)))
        : server.request(request),
    watch: (...about) => server.watch(...about),
  };
  return { wire, transport };
}

describe('the election', () => {
  it('lets one of two lead, and the other look on', async () => {
    const { clock, replica, story, lease } = rig();
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
    const { clock, replica, story, lease } = rig();
    const a = replica('a');
    replica('b');
    await clock.sleep(61_000);

    a.stop();
    await clock.sleep(2_900);

    expect(story).toEqual(['0 s a leads', '61 s a ends', '61 s a is done', '62 s b leads']);
    expect((await lease()).spec).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
  });

  it('keeps the lease while what is under way comes to its end', async () => {
    const { clock, replica, story } = rig();
    const a = replica('a', { drain: 24_000 });
    replica('b');
    await clock.sleep(60_000);

    a.stop();
    await clock.sleep(60_000);

    expect(story).toEqual(['0 s a leads', '84 s a ends', '84 s a is done', '84 s b leads']);
  });

  it('goes to the other when the leader goes silent, after the first has ended and the lease has run out', async () => {
    const { clock, server, replica, story } = rig();
    const { wire, transport } = cuttable(server);
    replica('a', { transport });
    replica('b');
    await clock.sleep(60_000);

    wire.isCut = true;
    await clock.sleep(60_000);

    expect(story).toEqual(['0 s a leads', '65 s a is lost', '65 s a ends', '72 s b leads']);
  });

  it('is lost when the API server is away for 12 seconds, and survives when it is away for 8', async () => {
    const { clock, server, replica, story } = rig();
    replica('a');
    await clock.sleep(60_500);

    server.drop();
    await clock.sleep(8_000);
    server.up();
    await clock.sleep(60_000);
    expect(story).toEqual(['0 s a leads']);

    server.drop();
    await clock.sleep(12_000);
    server.up();
    await clock.sleep(1_000);
    expect(story.slice(1)).toEqual(['134 s a is lost', '134 s a ends']);
  });

  it('is not lost when somebody deletes the lease or annotates it', async () => {
    const { clock, server, replica, story, lease } = rig();
    replica('a');
    await clock.sleep(60_000);

    await server.request({ method: 'DELETE', path });
    await clock.sleep(20_000);
    const body = { metadata: { annotations: { 'example.com/note': 'looked at' } } };
    await server.request({ method: 'PATCH', path, body, contentType: 'application/merge-patch+json' });
    await clock.sleep(60_000);

    expect(story).toEqual(['0 s a leads']);
    expect((await lease()).spec.holderIdentity).toBe('a');
  });

  it('is lost as soon as the lease names somebody else', async () => {
    const { clock, server, replica, story } = rig();
    replica('a');
    await clock.sleep(61_000);

    const body = { spec: { holderIdentity: 'z' } };
    await server.request({ method: 'PATCH', path, body, contentType: 'application/merge-patch+json' });
    await clock.sleep(5_000);

    expect(story).toEqual(['0 s a leads', '65 s a is lost', '65 s a ends']);
  });

  it.for([-3_600_000, 3_600_000])('does not care about a clock that is %i ms off', async (skew) => {
    const { clock, server, replica, story } = rig();
    const { wire, transport } = cuttable(server);
    const skewed: Time = {
      now: () => clock.now() + skew,
      elapsed: () => clock.elapsed(),
      sleep: (...about) => clock.sleep(...about),
    };
    replica('a', { transport });
    replica('b', { time: skewed });
    await clock.sleep(5 * 60_000);
    expect(story).toEqual(['0 s a leads']);

    wire.isCut = true;
    await clock.sleep(60_000);

    expect(story.slice(1)).toEqual(['305 s a is lost', '305 s a ends', '312 s b leads']);
  });

  it('is taken up by a process that comes after a crash, once the lease has run out', async () => {
    const { clock, server, replica, story } = rig();
    const { wire, transport } = cuttable(server);
    replica('a', { transport });
    await clock.sleep(60_000);
    wire.isCut = true;
    await clock.sleep(5_000);

    replica('b');
    await clock.sleep(30_000);

    expect(story.at(-1)).toBe('81 s b leads');
  });

  it('waits as long as no API server answers, and ends at once when it is told to', async () => {
    const { clock, server, replica, story } = rig();
    server.drop();
    const a = replica('a');
    await clock.sleep(60_000);

    a.stop();
    await a.end;

    expect(story).toEqual(['60 s a is done']);
  });
});
