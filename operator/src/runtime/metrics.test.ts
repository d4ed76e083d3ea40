import { describe, expect, it } from 'vitest';
import { VirtualClock } from '#simulation/virtual-clock';
import { Controller } from './controller.ts';
import { Insight } from './insight.ts';
import { operatorLog } from './log.ts';
import { metricsOf } from './metrics.ts';
import { TerminalError } from './terminal-error.ts';
import type { Again } from './work-queue.ts';

/** The lines of a metric, without those of the buckets of a histogram. */
const linesOf = (text: string, name: string) =>
  text.split('\n').filter((line) => line.startsWith(name) && !line.startsWith(`${name}_bucket`));

async function rig(reconcile: (key: string, clock: VirtualClock) => Promise<Again>, keys: readonly string[]) {
  const clock = new VirtualClock();
  const insight = new Insight();
  const metrics = metricsOf(insight, clock);
  const observer = insight.observe('wukong');
  const controller = new Controller({
    name: 'wukong',
    time: clock,
    concurrency: 2,
    log: operatorLog({ destination: { write: () => {} } }),
    synced: Promise.resolve(),
    about: { source: { all: () => [], onChange: () => () => {} }, keys: () => [] },
    reconcile: (key) => reconcile(key, clock),
    ...(observer === undefined ? {} : { observer }),
  });
  insight.controllers.push(controller);
  const [stop, fence] = [new AbortController(), new AbortController()];
  const scrape = async () => (await metrics()).text;
  void controller.run({ stop: stop.signal, fence: fence.signal });
  await clock.sleep(0);
  for (const key of keys) controller.add(key);
  return { clock, insight, scrape };
}

describe('the metrics', () => {
  it('tell how passes ended, by the names of controller-runtime', async () => {
    const { clock, scrape } = await rig(
      async (key) => {
        if (key === 'bad') throw new Error('no');
        if (key === 'hopeless') throw new TerminalError('no');
        if (key === 'mistaken') throw new TypeError('no');
        return key === 'later' ? { after: 3_600_000 } : {};
      },
      ['good', 'bad', 'hopeless', 'mistaken', 'later'],
    );
    await clock.sleep(500);

    const text = await scrape();

    const told = linesOf(text, 'controller_runtime_').filter((line) => !line.includes('_time_seconds'));
    expect(told).toEqual([
      'controller_runtime_reconcile_total{controller="wukong",result="success"} 1',
      'controller_runtime_reconcile_total{controller="wukong",result="error"} 3',
      'controller_runtime_reconcile_total{controller="wukong",result="requeue_after"} 1',
      'controller_runtime_reconcile_errors_total{controller="wukong"} 3',
      'controller_runtime_terminal_reconcile_errors_total{controller="wukong"} 1',
      'controller_runtime_reconcile_panics_total{controller="wukong"} 1',
      'controller_runtime_reconcile_timeouts_total{controller="wukong"} 0',
      'controller_runtime_max_concurrent_reconciles{controller="wukong"} 2',
      'controller_runtime_active_workers{controller="wukong"} 0',
    ]);
    expect(text).toContain('controller_runtime_reconcile_time_seconds_count{controller="wukong"} 5');
  });

  it('tell how long the line is, how long keys wait and how long the oldest pass runs', async () => {
    const { clock, scrape } = await rig(
      async (_key, time) => {
        await time.sleep(10_000);
        return {};
      },
      ['a', 'b', 'c'],
    );
    await clock.sleep(2500);

    expect(linesOf(await scrape(), 'workqueue_')).toEqual(
      expect.arrayContaining([
        'workqueue_depth{name="wukong",controller="wukong"} 1',
        'workqueue_adds_total{name="wukong",controller="wukong"} 3',
        'workqueue_retries_total{name="wukong",controller="wukong"} 0',
        'workqueue_unfinished_work_seconds{name="wukong",controller="wukong"} 5',
        'workqueue_longest_running_processor_seconds{name="wukong",controller="wukong"} 2.5',
      ]),
    );
    await clock.sleep(20_000);
    const after = await scrape();
    expect(after).toContain('workqueue_queue_duration_seconds_sum{name="wukong",controller="wukong"} 10');
    expect(after).toContain('workqueue_work_duration_seconds_sum{name="wukong",controller="wukong"} 30');
  });

  it('tell of the answers of the API server, the lead, the watches, the Wukongs and the events', async () => {
    const { clock, insight, scrape } = await rig(async () => ({}), []);
    await clock.sleep(100_000);
    insight.answers.set('GET 200', 12).set('PATCH <error>', 1);
    insight.standing.leading = true;
    insight.phases = () => ['Running', 'Running', 'Failed'];
    insight.running(42);
    const watch = {
      apiVersion: 'vm.novasphere.dev/v1alpha1',
      kind: 'Wukong',
      synced: true,
      dormant: false,
      healthy: true,
      needed: true,
    };
    insight.caches = () => [
      { ...watch, namespace: 'a', lastHeard: 40_000, restarts: 2, size: 3 },
      { ...watch, namespace: 'b', lastHeard: 90_000, restarts: 1, size: 4 },
      { ...watch, kind: 'NotServed', dormant: true, lastHeard: 0, restarts: 0, size: 0 },
    ];
    insight.events = { counts: { sent: 5, failed: 1, dropped: 0 } } as never;

    const text = await scrape();

    const names = [
      'rest_client',
      'leader',
      'wukong_phase',
      'wukong_events',
      'wukong_time_to_running_seconds_',
      'kube_watch',
    ];
    expect(names.flatMap((name) => linesOf(text, name)).filter((line) => !line.includes('_bucket'))).toEqual([
      'rest_client_requests_total{method="GET",code="200"} 12',
      'rest_client_requests_total{method="PATCH",code="<error>"} 1',
      'leader 1',
      'wukong_phase_count{phase="Running"} 2',
      'wukong_phase_count{phase="Failed"} 1',
      'wukong_events_total{result="sent"} 5',
      'wukong_events_total{result="failed"} 1',
      'wukong_events_total{result="dropped"} 0',
      'wukong_time_to_running_seconds_sum 42',
      'wukong_time_to_running_seconds_count 1',
      'kube_watch_restarts_total{resource="Wukong.vm.novasphere.dev"} 3',
      'kube_watch_last_event_timestamp{resource="Wukong.vm.novasphere.dev"} 1795240840',
      'kube_watch_objects{resource="Wukong.vm.novasphere.dev"} 7',
    ]);
  });

  it('tell of the process itself', async () => {
    const { scrape } = await rig(async () => ({}), []);

    const text = await scrape();

    for (const name of ['process_resident_memory_bytes', 'process_cpu_seconds_total', 'nodejs_eventloop_lag_seconds'])
      expect(text).toMatch(new RegExp(`^${name} [0-9.e+-]+$`, 'm'));
  });

  it('are read anew for each who asks, and nothing is left of what is no more', async () => {
    const { insight, scrape } = await rig(async () => ({}), []);
    insight.phases = () => ['Running'];
    await scrape();

    insight.phases = () => ['Failed'];

    expect(linesOf(await scrape(), 'wukong_phase_count')).toEqual(['wukong_phase_count{phase="Failed"} 1']);
  });
});
