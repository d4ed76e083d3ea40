import { type DestinationStream, pino } from 'pino';
import type { LogLevel } from './log-level.ts';
import { logOver } from './log-over.ts';
import { tellable, veiled } from './veil.ts';

/** What a line is about; an `error` may be an Error. */
export type About = Readonly<Record<string, unknown>>;

export interface Log {
  debug(message: string, about?: About): void;
  info(message: string, about?: About): void;
  warn(message: string, about?: About): void;
  error(message: string, about?: About): void;
  /** Before the process ends because it must not go on. */
  fatal(message: string, error: unknown): void;
  /** The same log; every line is also about this. */
  with(about: About): Log;
}

export interface LogOptions {
  /** The least that is told. Default: info. */
  readonly level?: LogLevel;
  /** Default: standard output. */
  readonly destination?: DestinationStream;
}

/** The operator's log: one JSON object a line, `level`, `time`, `name`, `msg`, and what it is about; never a secret. */
export function operatorLog({ level = 'info', destination }: LogOptions = {}): Log {
  const options = {
    level,
    base: { name: 'wukong-operator' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const logger = destination === undefined ? pino(options) : pino(options, destination);
  return logOver((kind, message, about) => {
    if (logger.isLevelEnabled(kind)) logger[kind](tellable(about) as object, veiled(message));
  });
}
