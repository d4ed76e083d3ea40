import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { pino } from 'pino';
import { loadAccess } from '#kube/kubeconfig';
import { undiciTransport } from '#kube/undici-transport';
import { systemTime } from './runtime/time.ts';
import { startOperator } from './start.ts';

/** The process of the operator: ends with 0 when it is told to, with 1 when it must not go on. */
const logger = pino({ base: { name: 'wukong-operator' } });
const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort(new Error(signal)));
for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
  process.on(event, (error: unknown) => {
    logger.fatal({ error }, event);
    process.exit(1);
  });
}

try {
  await startOperator({
    transport: undiciTransport(loadAccess()),
    time: systemTime,
    namespace: process.env['POD_NAMESPACE'] ?? 'novasphere-system',
    identity: `${process.env['POD_NAME'] ?? hostname()}_${randomUUID()}`,
    signal: stop.signal,
    log: (message, about) => logger.info(about ?? {}, message),
  });
} catch (error) {
  logger.fatal({ error }, 'the operator ends');
  process.exit(1);
}
