import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { loadAccess } from '#kube/kubeconfig';
import { undiciTransport } from '#kube/undici-transport';
import type { Settings } from './runtime/flags.ts';
import { healthChecks, readyChecks } from './runtime/health.ts';
import { Insight } from './runtime/insight.ts';
import { type Log, operatorLog } from './runtime/log.ts';
import { probes } from './runtime/probes.ts';
import { Pulse } from './runtime/pulse.ts';
import { type Serving, serve } from './runtime/serve.ts';
import { systemTime } from './runtime/time.ts';
import { startOperator } from './start.ts';

/**
 * The process of the operator: ends with 0 when it is told to, with 1 when it must not go on; whoever runs it starts
 * it anew.
 */
export async function operate(settings: Settings): Promise<never> {
  const log = operatorLog({ level: settings.logLevel });
  endOnMistakes(log);
  try {
    await run(settings, log, heedSignals());
  } catch (error) {
    log.fatal('the operator ends', error);
    process.exit(1);
  }
  process.exit(0);
}

/** Aborts at the first signal; the second ends the process at once. */
function heedSignals(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(1);
      stop.abort(new Error(signal));
    });
  }
  return stop.signal;
}

/** What nobody expected may have left anything half done. */
function endOnMistakes(log: Log): void {
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal(event, error);
      process.exit(1);
    });
  }
}

async function run(settings: Settings, log: Log, signal: AbortSignal): Promise<void> {
  const insight = new Insight();
  const servings = await serveInsight(settings, insight, signal);
  const transport = undiciTransport(loadAccess(settings.kubeconfig, settings.context));
  await startOperator({
    transport,
    time: systemTime,
    namespace: process.env['POD_NAMESPACE'] ?? 'novasphere-system',
    identity: `${process.env['POD_NAME'] ?? hostname()}_${randomUUID()}`,
    signal,
    log,
    settings,
    insight,
    random: Math.random,
  });
  await transport.close();
  await Promise.all(servings.map((one) => one.close()));
}

async function serveInsight(settings: Settings, insight: Insight, signal: AbortSignal): Promise<readonly Serving[]> {
  const { healthAddress, metricsAddress } = settings;
  const servings: Serving[] = [];
  if (healthAddress !== undefined) {
    const pulse = new Pulse(systemTime);
    void pulse.run(signal);
    const endpoints = { healthz: healthChecks(insight, pulse, systemTime), readyz: readyChecks(insight) };
    servings.push(await serve(healthAddress, probes(endpoints)));
  }
  if (metricsAddress !== undefined) {
    // Costs some forty milliseconds and ten megabytes: only for who asks for it.
    const { metricsOf } = await import('./runtime/metrics.ts');
    const metrics = metricsOf(insight, systemTime);
    servings.push(await serve(metricsAddress, ({ pathname }) => (pathname === '/metrics' ? metrics() : undefined)));
  }
  return servings;
}
