import { afterAll, beforeAll, expect, it } from 'vitest';
import { KubeClient } from '#kube/client';
import type { KubeObject } from '#kube/object';
import { EventRecorder } from '#operator/runtime/events';
import type { Time } from '#operator/runtime/time';
import { systemTime } from '#operator/runtime/time';
import { ControlPlane } from '../testbed/control-plane.ts';

let plane: ControlPlane;
beforeAll(async () => {
  plane = await ControlPlane.start();
});
afterAll(() => plane.close());

/** A minute passes in a tenth of a second. */
const hurried: Time = {
  now: () => Date.now(),
  elapsed: () => performance.now() * 600,
  sleep: (milliseconds, signal) => systemTime.sleep(milliseconds / 600, signal),
};

const related = { apiVersion: 'v1', kind: 'Node', name: 'plant-7-a' };
const happenings = [
  { type: 'Normal', reason: 'VMCreated', action: 'CreateVM', note: 'the machine was made', related },
  { type: 'Warning', reason: 'R'.repeat(300), action: 'A'.repeat(300), note: 'ä€'.repeat(2000) },
] as const;

it('the real API server takes every event, and counts on in one that happens again', async () => {
  const transport = plane.transport('wukong-operator');
  const client = new KubeClient({ transport, fieldManager: 'test', sleep: systemTime.sleep });
  const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a'.repeat(250), namespace: 'default' } };
  const objects = [
    await client.apply<KubeObject>(settings),
    await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'wide' } }),
  ];
  const recorder = new EventRecorder({ transport, time: hurried, instance: 'i'.repeat(300) });
  const stop = new AbortController();
  const end = recorder.run({ stop: stop.signal });
  const record = () => {
    for (const object of objects) for (const happening of happenings) recorder.record(object, happening);
  };

  record();
  while (recorder.counts.sent + recorder.counts.failed < 4) await systemTime.sleep(20);
  record();
  while (recorder.counts.sent + recorder.counts.failed < 8) await systemTime.sleep(20);
  stop.abort();
  await end;

  expect(recorder.counts).toEqual({ sent: 8, failed: 0, dropped: 0 });
  const { items } = await client.list({ apiVersion: 'events.k8s.io/v1', kind: 'Event', namespace: 'default' });
  const own = items.filter((one) => one['reportingController'] === 'vm.novasphere.dev/wukong-operator');
  expect(own.map((one) => `${one['regarding'].kind} ${one['type']} ${one['series'].count}`).toSorted()).toEqual([
    'ConfigMap Normal 2',
    'ConfigMap Warning 2',
    'Namespace Normal 2',
    'Namespace Warning 2',
  ]);
  await transport.close();
});
