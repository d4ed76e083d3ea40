import { Histogram, type Registry } from 'prom-client';
import type { ControllerObserver } from './controller.ts';
import type { Insight } from './insight.ts';

const short = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const long = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800];

/** Durations have to be noted when they pass: from here on, those of an operator are. */
export function noteDurations(registry: Registry, insight: Insight): void {
  const noting = (name: string, help: string, labelNames: readonly string[], buckets: number[]) =>
    new Histogram({ name, help, labelNames, buckets, registers: [registry] });
  const queue = ['name', 'controller'];
  const passes = noting('controller_runtime_reconcile_time_seconds', 'How long passes took.', ['controller'], short);
  const waited = noting('workqueue_queue_duration_seconds', 'How long keys waited for their pass.', queue, short);
  const worked = noting('workqueue_work_duration_seconds', 'How long keys were worked on.', queue, short);
  const running = noting('wukong_time_to_running_seconds', 'From its creation until a Wukong first ran.', [], long);
  insight.running = (seconds) => running.observe(seconds);
  insight.observe = (controller): ControllerObserver => {
    const pass = passes.labels({ controller });
    const wait = waited.labels({ name: controller, controller });
    const work = worked.labels({ name: controller, controller });
    return {
      passed: (milliseconds) => pass.observe(milliseconds / 1000),
      waited: (milliseconds) => wait.observe(milliseconds / 1000),
      worked: (milliseconds) => work.observe(milliseconds / 1000),
    };
  };
}
