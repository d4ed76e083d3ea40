import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Request, Response } from '#kube/transport';
import { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import { VirtualClock } from '#simulation/virtual-clock';
import type { Happening } from './event-object.ts';
import { EventRecorder } from './events.ts';

const events = '/apis/events.k8s.io/v1/namespaces/plant/events';
const press = (name = 'press-3'): KubeObject => ({
  apiVersion: 'vm.novasphere.dev/v1alpha1',
  kind: 'Wukong',
  metadata: { name, namespace: 'plant', uid: `uid-of-${name}`, labels: { a: 'b' } },
});
const made: Happening = {
  type: 'Normal',
  reason: 'VMCreated',
  action: 'CreateVM',
  note: 'the machine was made',
  related: { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', namespace: 'plant', name: 'press-3-vm' },
};

async function rig(answer?: (request: Request) => Promise<Response>) {
  const clock = new VirtualClock();
  const server = new SimulatedApiServer({ clock });
  await server.request({
    method: 'POST',
    path: '/api/v1/namespaces',
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'plant' } },
  });
  const sent: Request[] = [];
  const stop = new AbortController();
  const transport = {
    request: (request: Request) => {
      sent.push(request);
      return answer?.(request) ?? server.request(request);
    },
    watch: server.watch.bind(server),
  };
  const recorder = new EventRecorder({ transport, time: clock, instance: 'operator-1' });
  const end = recorder.run({ stop: stop.signal });
  const stored = async (): Promise<readonly Json[]> =>
    ((await server.request({ method: 'GET', path: events })).body as Json).items;
  return { clock, server, sent, stop, recorder, end, stored };
}

describe('an event', () => {
  it('tells what happened to which object, who says so and when', async () => {
    const { clock, recorder, sent } = await rig();

    recorder.record(press(), made);
    await clock.sleep(100);

    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ method: 'POST', path: events });
    expect(sent[0]?.body).toEqual({
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: expect.stringMatching(/^press-3\.[0-9a-f]{16}$/), namespace: 'plant' },
      eventTime: '2026-11-21T06:00:00.000000Z',
      reportingController: 'vm.novasphere.dev/wukong-operator',
      reportingInstance: 'operator-1',
      type: 'Normal',
      reason: 'VMCreated',
      action: 'CreateVM',
      note: 'the machine was made',
      regarding: {
        apiVersion: 'vm.novasphere.dev/v1alpha1',
        kind: 'Wukong',
        name: 'press-3',
        namespace: 'plant',
        uid: 'uid-of-press-3',
      },
      related: { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', name: 'press-3-vm', namespace: 'plant' },
    });
  });

  it('that happens again is counted in the one that is there, told once a minute at most', async () => {
    const { clock, recorder, sent, stored } = await rig();

    for (let second = 0; second < 150; second++) {
      recorder.record(press(), made);
      await clock.sleep(1000);
    }
    await clock.sleep(60_000);

    expect(sent.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'PATCH', 'PATCH']);
    const [only, ...others] = await stored();
    expect(others).toEqual([]);
    expect(only.series).toEqual({ count: 150, lastObservedTime: '2026-11-21T06:02:29.000000Z' });
    expect(recorder.counts).toEqual({ sent: 4, failed: 0, dropped: 0 });
  });

  it('is a new one after six quiet minutes', async () => {
    const { clock, recorder, stored } = await rig();

    for (let count = 0; count < 3; count++) {
      recorder.record(press(), made);
      await clock.sleep(6 * 60_000 + 1000);
    }

    expect(await stored()).toHaveLength(3);
  });

  it('is made anew when the server has forgotten it', async () => {
    const { clock, server, recorder, stored } = await rig();
    recorder.record(press(), made);
    await clock.sleep(100);
    await server.request({ method: 'DELETE', path: `${events}/${(await stored())[0].metadata.name}` });

    recorder.record(press(), made);
    await clock.sleep(61_000);

    expect((await stored()).map((one) => one.series.count)).toEqual([2]);
  });

  it('about one object is not told more than 25 times at once, whatever it says; those about others are', async () => {
    const { clock, recorder, stored } = await rig();

    for (let count = 0; count < 100; count++) recorder.record(press(), { ...made, note: `try ${count}` });
    recorder.record(press('press-4'), made);
    await clock.sleep(60_000);

    expect(await stored()).toHaveLength(26);
    expect(recorder.counts).toEqual({ sent: 26, failed: 0, dropped: 75 });
  });

  it('costs at most fifty requests a second in the long run', async () => {
    const { clock, recorder, sent } = await rig();

    for (let count = 0; count < 500; count++) recorder.record(press(`press-${count}`), made);
    await clock.sleep(3001);
    expect(sent).toHaveLength(170);
    await clock.sleep(60_000);

    expect(sent).toHaveLength(500);
  });

  it.for([
    ['is refused', async () => ({ status: 403, body: { message: 'forbidden' } })],
    ['finds no server', () => Promise.reject(new Error('connect ECONNREFUSED'))],
  ] as const)('that %s is only counted, and the next is sent', async ([, answer]) => {
    const { clock, recorder, sent } = await rig(answer);

    recorder.record(press(), made);
    recorder.record(press('press-4'), made);
    await clock.sleep(1000);

    expect(sent).toHaveLength(2);
    expect(recorder.counts).toEqual({ sent: 0, failed: 2, dropped: 0 });
  });

  it('never keeps who records it waiting, not even behind one that hangs', async () => {
    const { clock, recorder, sent, stop, end } = await rig(
      ({ signal }) => new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    );

    for (let count = 0; count < 6000; count++) recorder.record(press(`press-${count}`), made);
    await clock.sleep(60_000);
    expect(sent).toHaveLength(1);
    stop.abort();
    await end;

    expect(recorder.counts).toEqual({ sent: 0, failed: 1, dropped: 1000 });
  });

  it('is as long as the API takes: 1,024 bytes of note, 128 characters of reason', async () => {
    const { clock, recorder, sent } = await rig();

    recorder.record(press(), { ...made, note: 'ä'.repeat(2000), reason: 'R'.repeat(200), action: 'A'.repeat(200) });
    await clock.sleep(100);

    const { note, reason, action }: Json = sent[0]?.body ?? {};
    expect(Buffer.byteLength(note)).toBeLessThanOrEqual(1024);
    expect(note).toBe(`${'ä'.repeat(510)}…`);
    expect([reason.length, action.length]).toEqual([128, 128]);
  });

  it('holds no secret, whatever a server put into its message', async () => {
    const { clock, recorder, sent } = await rig();

    recorder.record(press(), { ...made, note: 'admission denied: {"password":"hunter2"} Bearer hunter2hunter2' });
    await clock.sleep(100);

    expect(JSON.stringify(sent)).not.toContain('hunter2');
  });
});
