import { codes } from '#engine/codes';
import { Fault } from '#engine/fault';

/** What signals are heard on; the process, or a test's own. */
export interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', listener: () => void): unknown;
  exit(code: number): void;
}

/** SIGINT or SIGTERM once: abort, so that the run ends at its next safe point. Twice: end now. A hang-up is no reason to stop. */
export function interruption(source: SignalSource, say: (text: string) => void): AbortSignal {
  const controller = new AbortController();
  const heard = () => {
    if (controller.signal.aborted) return source.exit(codes['RUN-INTERRUPTED'].exit);
    say('stopping at the next safe point; once more stops at once, which is safe too');
    controller.abort(
      new Fault({
        code: 'RUN-INTERRUPTED',
        message: 'stopped, as asked',
        remedy: ['run the same command again: it goes on from here'],
      }),
    );
  };
  source.on('SIGINT', heard);
  source.on('SIGTERM', heard);
  // The terminal has vanished; the journal keeps what happens from now on.
  source.on('SIGHUP', () => {});
  return controller.signal;
}
