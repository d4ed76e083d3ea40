import type { Controller } from './controller.ts';
import type { Insight } from './insight.ts';
import { counter, gauge, type Metric, type Row } from './metric.ts';
import type { Time } from './time.ts';
import type { QueueState } from './work-queue.ts';

/** How passes ended and how many are under way. */
export function controllerMetrics({ controllers }: Insight): readonly Metric[] {
  const by = ['controller'];
  const each = (value: (one: Controller) => number) => () =>
    controllers.map((one) => ({ labels: { controller: one.name }, value: value(one) }));
  const count = (name: string, help: string, value: (counts: Controller['counts']) => number) =>
    counter(
      `controller_runtime_${name}`,
      help,
      by,
      each(({ counts }) => value(counts)),
    );
  const results = () => controllers.flatMap(resultsOf);
  const most = each(({ concurrency }) => concurrency);
  const active = each(({ queue }) => queue?.state().working.length ?? 0);
  return [
    counter('controller_runtime_reconcile_total', 'How passes ended.', [...by, 'result'], results),
    count('reconcile_errors_total', 'Passes that failed.', (counts) => counts.results.error),
    count('terminal_reconcile_errors_total', 'Passes that trying again cannot help.', (counts) => counts.terminal),
    count('reconcile_panics_total', 'Passes that failed by a mistake of the program.', (counts) => counts.mistakes),
    count('reconcile_timeouts_total', 'Passes that took too long.', (counts) => counts.timeouts),
    gauge('controller_runtime_max_concurrent_reconciles', 'Passes that may run at a time.', by, most),
    gauge('controller_runtime_active_workers', 'Passes that run.', by, active),
  ];
}

function resultsOf({ name, counts }: Controller): readonly Row[] {
  return Object.entries(counts.results).map(([result, value]) => ({ labels: { controller: name, result }, value }));
}

/** How long the lines before the controllers are. */
export function queueMetrics({ controllers }: Insight, time: Time): readonly Metric[] {
  const by = ['name', 'controller'];
  const rows = (value: (state: QueueState) => number) => () =>
    controllers.flatMap(({ name, queue }) =>
      queue === undefined ? [] : [{ labels: { name, controller: name }, value: value(queue.state()) }],
    );
  const lasting = ({ working }: QueueState) => working.map((since) => (time.elapsed() - since) / 1000);
  const all = rows((state) => lasting(state).reduce((sum, one) => sum + one, 0));
  const longest = rows((state) => Math.max(0, ...lasting(state)));
  const [depth, adds, retries] = [
    rows((state) => state.depth),
    rows((state) => state.adds),
    rows((state) => state.retries),
  ];
  return [
    gauge('workqueue_depth', 'Keys that wait.', by, depth),
    counter('workqueue_adds_total', 'Keys that were added.', by, adds),
    counter('workqueue_retries_total', 'Keys that were added again because their pass failed.', by, retries),
    gauge('workqueue_unfinished_work_seconds', 'How long all that is worked on has been, together.', by, all),
    gauge('workqueue_longest_running_processor_seconds', 'How long the longest pass has run.', by, longest),
  ];
}
