import { type DestinationStream, pino } from 'pino';

export interface Log {
  info(message: string, about?: Readonly<Record<string, unknown>>): void;
  /** Before the process ends because it must not go on. */
  fatal(message: string, error: unknown): void;
}

/** What never belongs into a log, wherever it may turn up. */
const secret = ['authorization', 'token', 'password', 'data', 'stringData', 'headers', 'tls'];

/** The operator's log: one JSON object a line, `level`, `time`, `name`, `msg`, and what it is about. */
export function operatorLog(destination?: DestinationStream): Log {
  const options = {
    base: { name: 'wukong-operator' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
    redact: { paths: secret.flatMap((name) => [name, `*.${name}`]), censor: '(kept back)' },
  };
  const logger = destination === undefined ? pino(options) : pino(options, destination);
  return {
    info: (message, about = {}) => logger.info(about, message),
    fatal: (message, error) => logger.fatal({ error: record(error) }, message),
  };
}

/** Only the text of an error: what libraries hang on errors (requests, answers) is not for a log. */
function record(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  return { name, message, stack, ...(cause === undefined ? {} : { cause: record(cause) }) };
}
