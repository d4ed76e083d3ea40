import { describe, expect, it } from 'vitest';
import { cuttable, leasePath, replicas, stoppable } from '../../../test/fixtures/replicas.ts';
import type { Time } from './time.ts';

describe('the election', () => {
  it('goes to the other when the leader goes silent, after the first has ended and the lease has run out', async () => {
    const { clock, server, replica, story } = replicas();
    const { wire, transport } = cuttable(server);
    replica('a', { transport });
    replica('b');
    await clock.sleep(60_000);

    wire.isCut = true;
    await clock.sleep(60_000);

    expect(story).toEqual(['0 s a leads', '65 s a is lost', '65 s a ends', '70 s b leads']);
  });

  it('is lost when the API server is away for 12 seconds, and survives when it is away for 8', async () => {
    const { clock, server, replica, story } = replicas();
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
    const { clock, server, replica, story, lease } = replicas();
    replica('a');
    await clock.sleep(60_000);

    await server.request({ method: 'DELETE', path: leasePath });
    await clock.sleep(20_000);
    const body = { metadata: { annotations: { 'example.com/note': 'looked at' } } };
    await server.request({ method: 'PATCH', path: leasePath, body, contentType: 'application/merge-patch+json' });
    await clock.sleep(60_000);

    expect(story).toEqual(['0 s a leads']);
    expect((await lease()).spec.holderIdentity).toBe('a');
  });

  it('is lost as soon as the lease names somebody else', async () => {
    const { clock, server, replica, story } = replicas();
    replica('a');
    await clock.sleep(61_000);

    const body = { spec: { holderIdentity: 'z' } };
    await server.request({ method: 'PATCH', path: leasePath, body, contentType: 'application/merge-patch+json' });
    await clock.sleep(5_000);

    expect(story).toEqual(['0 s a leads', '65 s a is lost', '65 s a ends']);
  });

  it.for([-3_600_000, 3_600_000])('does not care about a clock that is %i ms off', async (skew) => {
    const { clock, server, replica, story } = replicas();
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

    expect(story.slice(1)).toEqual(['305 s a is lost', '305 s a ends', '310 s b leads']);
  });

  it('is taken up by a process that comes after a crash, once the lease has run out', async () => {
    const { clock, server, replica, story } = replicas();
    const { wire, transport } = cuttable(server);
    replica('a', { transport });
    await clock.sleep(60_000);
    wire.isCut = true;
    await clock.sleep(5_000);

    replica('b');
    await clock.sleep(30_000);

    expect(story.at(-1)).toBe('80 s b leads');
  });

  it('waits as long as no API server answers, and ends at once when it is told to', async () => {
    const { clock, server, replica, story } = replicas();
    server.drop();
    const a = replica('a');
    await clock.sleep(60_000);

    a.stop();
    await a.end;

    expect(story).toEqual(['60 s a is done']);
  });

  it('stays where it is when somebody deletes the lease: who waits knows that it was held', async () => {
    const { clock, server, replica, story, lease, together } = replicas();
    replica('a');
    replica('b');

    for (const pause of [61_000, 61_500, 63_900]) {
      await clock.sleep(pause);
      await server.request({ method: 'DELETE', path: leasePath });
    }
    await clock.sleep(60_000);

    expect(story).toEqual(['0 s a leads']);
    expect(together()).toBe(1);
    expect((await lease()).spec.holderIdentity).toBe('a');
  });

  it('goes to the other when the lease is deleted and its holder is gone', async () => {
    const { clock, server, replica, story } = replicas();
    const { wire, transport } = cuttable(server);
    replica('a', { transport });
    replica('b');
    await clock.sleep(61_000);

    wire.isCut = true;
    await server.request({ method: 'DELETE', path: leasePath });
    await clock.sleep(60_000);

    expect(story).toEqual(['0 s a leads', '70 s a is lost', '70 s a ends', '75 s b leads']);
  });

  it('goes to the other while the leader is stopped for longer than the lease; the first ends before it writes', async () => {
    const { clock, server, replica, story, lease } = replicas();
    const { time, stop, go } = stoppable(clock);
    const a = replica('a', { time });
    replica('b');
    await clock.sleep(61_000);

    stop();
    await clock.sleep(30_000);
    expect(story).toEqual(['0 s a leads', '75 s b leads']);
    const since = server.log.length;
    // An answer that came in meanwhile is read before any timer fires.
    const write = a.write();
    go();
    await expect(write).rejects.toThrow('no DELETE /api/v1/namespaces/a: this process does not lead any more');
    await clock.sleep(1000);

    expect(story.slice(2)).toEqual(['91 s a is lost', '91 s a ends']);
    expect(server.log.slice(since)).toEqual([]);
    expect((await lease()).spec.holderIdentity).toBe('b');
  });

  it('is kept by a leader that was stopped for a moment', async () => {
    const { clock, replica, story } = replicas();
    const { time, stop, go } = stoppable(clock);
    const a = replica('a', { time });
    replica('b');
    await clock.sleep(61_000);

    stop();
    await clock.sleep(8000);
    go();
    await clock.sleep(60_000);

    expect(story).toEqual(['0 s a leads']);
    expect((await a.write()).status).toBe(404);
  });

  it('comes to one of three when the leader stops, and never to two', async () => {
    const { clock, replica, story, together } = replicas();
    const first = replica('a');
    await clock.sleep(1000);
    for (const identity of ['b', 'c', 'd']) replica(identity);
    await clock.sleep(60_000);

    first.stop();
    await clock.sleep(5 * 60_000);

    expect(story.filter((line) => line.endsWith('leads'))).toHaveLength(2);
    expect(together()).toBe(1);
  });
});
