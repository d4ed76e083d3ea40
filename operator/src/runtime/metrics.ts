import { collectDefaultMetrics, Registry } from 'prom-client';
import { controllerMetrics, queueMetrics } from './controller-metrics.ts';
import { noteDurations } from './durations.ts';
import type { Insight } from './insight.ts';
import { expose } from './metric.ts';
import { operatorMetrics, watchMetrics } from './operator-metrics.ts';
import type { Answer } from './serve.ts';
import type { Time } from './time.ts';

/** What /metrics answers, by the names of controller-runtime where it has one; all but durations is read when asked for. */
export function metricsOf(insight: Insight, time: Time): () => Promise<Answer> {
  const registry = new Registry();
  // The loop is looked at ten times a second, not a hundred times.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
  expose(registry, controllerMetrics(insight));
  expose(registry, queueMetrics(insight, time));
  expose(registry, watchMetrics(insight, time));
  expose(registry, operatorMetrics(insight));
  noteDurations(registry, insight);
  return async () => ({ status: 200, type: registry.contentType, text: await registry.metrics() });
}
