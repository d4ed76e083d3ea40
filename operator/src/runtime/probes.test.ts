import { describe, expect, it } from 'vitest';
import type { ReflectorHealth } from '#kube/reflector-health';
import { VirtualClock } from '#simulation/virtual-clock';
import { healthChecks, readyChecks } from './health.ts';
import { Insight } from './insight.ts';
import { probes } from './probes.ts';
import { Pulse } from './pulse.ts';

const copy = (kind: string, about: Partial<ReflectorHealth> = {}): ReflectorHealth => ({
  apiVersion: 'v1',
  kind,
  synced: true,
  dormant: false,
  lastHeard: 0,
  restarts: 0,
  healthy: true,
  size: 1,
  needed: true,
  ...about,
});

function rig() {
  const clock = new VirtualClock();
  const insight = new Insight();
  const pulse = new Pulse(clock);
  const answer = probes({ healthz: healthChecks(insight, pulse, clock), readyz: readyChecks(insight) });
  const ask = async (path: string) => answer(new URL(path, 'http://operator'));
  return { clock, insight, pulse, answer, ask };
}

const beating = async ({ clock, pulse }: ReturnType<typeof rig>, milliseconds: number) => {
  const stop = new AbortController();
  const end = pulse.run(stop.signal);
  await clock.sleep(milliseconds);
  stop.abort();
  await end;
};

describe('whether the operator is of use', () => {
  it('is ok, and every check is named to who asks for it', async () => {
    const { ask } = rig();

    expect(await ask('/healthz')).toEqual({ status: 200, text: 'ok\n' });
    expect(await ask('/healthz?verbose')).toEqual({
      status: 200,
      text: '[+]event-loop ok\n[+]watches ok\n[+]lease ok\nhealthz check passed\n',
    });
    expect(await ask('/healthz/lease?verbose')).toEqual({
      status: 200,
      text: '[+]lease ok\nhealthz/lease check passed\n',
    });
    expect(await ask('/livez')).toBeUndefined();
    expect(await ask('/healthz/other')).toBeUndefined();
    expect(await ask('/constructor')).toBeUndefined();
  });

  it('fails while the event loop stands still, and for half a minute after that', async () => {
    const all = rig();
    const { clock, ask } = all;
    await beating(all, 60_000);
    expect((await ask('/healthz'))?.status).toBe(200);

    await clock.sleep(5900);
    expect((await ask('/healthz'))?.status).toBe(200);
    await clock.sleep(1100);
    expect(await ask('/healthz')).toEqual({
      status: 500,
      text: '[-]event-loop failed: the event loop stood still for 6 s\n[+]watches ok\n[+]lease ok\nhealthz check failed\n',
    });
    await beating(all, 29_000);
    expect((await ask('/healthz'))?.status).toBe(500);
    await beating(all, 2000);

    expect((await ask('/healthz'))?.status).toBe(200);
  });

  it('remembers a late beat, for the beat comes before who asks', async () => {
    const all = rig();
    let stall = 0;
    const time = {
      now: () => all.clock.now(),
      elapsed: () => all.clock.elapsed(),
      sleep: async (milliseconds: number, signal?: AbortSignal) => all.clock.sleep(milliseconds + stall, signal),
    };
    const pulse = new Pulse(time);
    const stop = new AbortController();
    void pulse.run(stop.signal);
    await all.clock.sleep(10_000);
    expect(pulse.trouble()).toBeUndefined();

    stall = 8000;
    await all.clock.sleep(1500);
    stall = 0;
    await all.clock.sleep(10_000);

    expect(pulse.trouble()).toBe('the event loop stood still for 8 s');
    stop.abort();
  });

  it('fails when nothing has been heard of a watch for five minutes', async () => {
    const all = rig();
    const { clock, insight, ask } = all;
    await beating(all, 301_000);
    insight.caches = () => [
      copy('Wukong', { lastHeard: clock.elapsed() - 1000 }),
      copy('Secret'),
      copy('Secret', { namespace: 'plant' }),
      copy('DataVolume', { dormant: true }),
      copy('CustomResourceDefinition', { needed: false }),
    ];

    expect(await ask('/healthz/watches')).toEqual({
      status: 500,
      text: '[-]watches failed: nothing heard for five minutes of Secret\nhealthz/watches check failed\n',
    });
    expect((await ask('/healthz?exclude=watches'))?.status).toBe(200);
  });

  it('fails when a leader has not renewed its lease in time; who does not lead need not', async () => {
    const all = rig();
    const { insight, ask } = all;
    await beating(all, 10_000);

    expect((await ask('/healthz'))?.status).toBe(200);
    insight.standing.leading = true;
    expect((await ask('/healthz'))?.text).toContain('[-]lease failed: the lease has not been renewed in time');
    insight.standing.renewed = Number.POSITIVE_INFINITY;
    expect((await ask('/healthz'))?.status).toBe(200);
  });
});

describe('whether the operator is ready', () => {
  it('is not before every copy is complete, but for kinds that are not served', async () => {
    const { insight, ask } = rig();
    expect((await ask('/readyz'))?.text).toBe('[-]caches failed: nothing is watched yet\nreadyz check failed\n');

    insight.caches = () => [
      copy('Wukong'),
      copy('Secret', { synced: false }),
      copy('DataVolume', { dormant: true, synced: false }),
    ];
    expect((await ask('/readyz'))?.text).toBe('[-]caches failed: not listed yet: Secret\nreadyz check failed\n');
    insight.caches = () => [copy('Wukong'), copy('Secret'), copy('DataVolume', { dormant: true, synced: false })];

    expect(await ask('/readyz')).toEqual({ status: 200, text: 'ok\n' });
  });

  it('is so as well for who waits for the lead', async () => {
    const { insight, ask } = rig();
    insight.caches = () => [copy('Wukong')];

    expect(insight.standing.leading).toBe(false);
    expect((await ask('/readyz'))?.status).toBe(200);
  });
});
