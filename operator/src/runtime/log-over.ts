import type { About, Log } from './log.ts';
import type { LogLevel } from './log-level.ts';

type Write = (level: LogLevel | 'fatal', message: string, about: About) => void;

/** A log over whatever writes. Fields are put together only for a line that is written: most passes say nothing. */
export function logOver(write: Write, fixed: About = {}): Log {
  const at =
    (level: LogLevel) =>
    (message: string, about: About = {}) =>
      write(level, message, { ...fixed, ...about });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: (message, error) => write('fatal', message, { ...fixed, error: asError(error) }),
    with: (about) => logOver(write, { ...fixed, ...about }),
  };
}

function asError(error: unknown): unknown {
  return error instanceof Error ? error : { message: String(error) };
}
