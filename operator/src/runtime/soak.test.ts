import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { KubeObject } from '#kube/object';
import { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import { VirtualClock } from '#simulation/virtual-clock';
import { Controller } from './controller.ts';
import { elect } from './elector.ts';
import { EventRecorder } from './events.ts';
import { lead } from './lead.ts';
import { operatorLog } from './log.ts';
import type { Pass } from './pass.ts';

const warnings: string[] = [];
const warn = (warning: Error) => void warnings.push(warning.message);
beforeEach(() => process.on('warning', warn));
afterEach(() => process.off('warning', warn));

const press = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Wukong',
  metadata: { name, namespace: 'default', uid: name },
});

/** Passes that end well, badly, late and with a wish, one after the other. */
function variedPasses(clock: VirtualClock, recorder: EventRecorder) {
  let passes = 0;
  return async (key: string, { signal }: Pass) => {
    passes++;
    recorder.record(press(key), { type: 'Normal', reason: 'Seen', action: 'Look', note: `look ${passes % 7}` });
    await clock.sleep(passes % 11 === 0 ? 100_000 : 50, signal);
    if (passes % 5 === 0) throw new Error('busy');
    return passes % 3 === 0 ? { after: 20_000 } : {};
  };
}

it('hours of changes leave nothing behind: no key, no listener, no warning', async () => {
  const clock = new VirtualClock();
  const transport = new SimulatedApiServer({ clock });
  const recorder = new EventRecorder({ transport, time: clock, instance: 'a' });
  const [told, quiet] = [new AbortController(), operatorLog({ destination: { write: () => {} } })];
  const reconcile = variedPasses(clock, recorder);
  let isBusy = true;
  const controller = new Controller({
    name: 'wukong',
    time: clock,
    concurrency: 4,
    log: quiet,
    synced: Promise.resolve(),
    about: { source: { all: () => [], onChange: () => () => {} }, keys: () => [] },
    reconcile: (key, pass) => (isBusy ? reconcile(key, pass) : Promise.resolve({})),
  });
  const signals: AbortSignal[] = [told.signal];
  const end = elect({
    transport,
    time: clock,
    namespace: 'default',
    name: 'wukong-operator',
    identity: 'a',
    signal: told.signal,
    lead: (signal) => {
      signals.push(signal);
      return lead({ time: clock, signal, told: told.signal, work: [controller, recorder] });
    },
  });

  for (let minute = 0; minute < 4 * 60; minute++) {
    for (let count = 0; count < 10; count++) controller.add(`press-${count}`);
    await clock.sleep(60_000);
  }
  isBusy = false;
  for (let count = 0; count < 10; count++) controller.add(`press-${count}`);
  await clock.sleep(10 * 60_000);

  expect(controller.queue?.remembered).toBe(0);
  expect(Math.max(...signals.map((signal) => getEventListeners(signal, 'abort').length))).toBeLessThan(10);
  expect(controller.counts.results.success).toBeGreaterThan(1000);
  expect(warnings).toEqual([]);
  told.abort();
  expect(await end).toBe('done');
});
