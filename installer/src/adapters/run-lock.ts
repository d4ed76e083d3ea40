import { join } from 'node:path';
import { type Kernel, ownHolder, proc } from '#bundle/store/holder';
import { Fault } from '#engine/fault';
import { moment } from '#report/said';
import { ensureDirectory } from './ensure-directory.ts';
import { journalFault } from './jsonl-journal.ts';
import { type LockHolder, type LockWords, lockHolder, type ProcessLock, takeProcessLock } from './process-lock.ts';

/** Who is at work. */
export interface RunHolder extends LockHolder {
  readonly command: string;
}

export interface LockOptions {
  readonly command: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What the kernel says of processes; the default asks /proc. */
  readonly kernel?: Kernel;
}

/** One run at a time on one machine: takes `<state>/lock` or throws RUN-LOCKED. */
export function takeLock(directory: string, { command, now, kernel = proc }: LockOptions): ProcessLock {
  const path = join(directory, 'lock');
  try {
    ensureDirectory(directory);
    const own: RunHolder = { ...ownHolder(kernel), since: new Date(now).toISOString(), command };
    return takeProcessLock({ path, own, mode: 0o600, kernel, words });
  } catch (error) {
    throw error instanceof Fault ? error : journalFault(path, error as NodeJS.ErrnoException, 'lock');
  }
}

/** Who is at work now; undefined when nobody holds the lock, or only somebody who is gone. */
export function holderOf(directory: string, kernel: Kernel = proc): RunHolder | undefined {
  return lockHolder(join(directory, 'lock'), words, kernel);
}

const words: LockWords<RunHolder> = {
  parse: (text) => JSON.parse(text) as RunHolder,
  locked: (holder, path) =>
    new Fault({
      code: 'RUN-LOCKED',
      message: `“novasphere ${holder.command}” (process ${holder.pid}) has been at work since ${moment(holder.since)}`,
      cause: 'two runs at the same time would undo each other’s work',
      where: [`file ${path}`],
      remedy: ['novasphere status --follow', `kill -INT ${holder.pid}  asks it to stop at its next safe point`],
    }),
  tookOver: (stale) =>
    stale === undefined
      ? 'took over a lock that nobody can have written to its end'
      : `took over the lock of “novasphere ${stale.holder.command}” (process ${stale.holder.pid}, since ${moment(stale.holder.since)}), which ${stale.why}`,
};
