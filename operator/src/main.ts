import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { loadAccess } from '#kube/kubeconfig';
import { undiciTransport } from '#kube/undici-transport';
import { operatorLog } from './runtime/log.ts';
import { systemTime } from './runtime/time.ts';
import { startOperator } from './start.ts';

/** The process of the operator: ends with 0 when it is told to, with 1 when it must not go on. */
const log = operatorLog();
const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort(new Error(signal)));
for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
  process.on(event, (error: unknown) => {
    log.fatal(event, error);
    process.exit(1);
  });
}

try {
  const transport = undiciTransport(loadAccess());
  await startOperator({
    transport,
    time: systemTime,
    namespace: process.env['POD_NAMESPACE'] ?? 'novasphere-system',
    identity: `${process.env['POD_NAME'] ?? hostname()}_${randomUUID()}`,
    signal: stop.signal,
    log: log.info,
  });
  await transport.close();
} catch (error) {
  log.fatal('the operator ends', error);
  process.exit(1);
}
