import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Kernel, ownHolder, proc } from '#bundle/store/holder';
import { storeFault } from '#bundle/store/store-fault';
import { Fault } from '#engine/fault';
import { quote } from '#engine/quote';
import { moment } from '#report/said';
import { type LockHolder, type LockWords, type ProcessLock, takeProcessLock } from './process-lock.ts';

/**
 * One fetch at a time for each store: takes `<directory>/lock` or throws FETCH-LOCKED. Two would only do the same work
 * twice; the bytes are safe without it.
 */
export function lockStore(directory: string, options: { readonly now: number; readonly kernel?: Kernel }): ProcessLock {
  const { now, kernel = proc } = options;
  const path = join(directory, 'lock');
  try {
    mkdirSync(directory, { recursive: true });
    const own = { ...ownHolder(kernel), since: new Date(now).toISOString() };
    return takeProcessLock({ path, own, mode: 0o644, kernel, words });
  } catch (error) {
    throw error instanceof Fault ? error : storeFault(error, { doing: 'write', path });
  }
}

const words: LockWords<LockHolder> = {
  parse: (text) => JSON.parse(text) as LockHolder,
  locked: ({ pid, since }, path) =>
    new Fault({
      code: 'FETCH-LOCKED',
      message: `another fetch (process ${pid}) has been filling the same store since ${moment(since)}`,
      cause: 'two fetches at once would download everything twice',
      where: [`file ${path}`],
      remedy: [
        'wait until it has ended, then run the same command again: what it has fetched is not fetched again',
        `kill -INT ${pid}  asks it to stop; it keeps what it has`,
        `rm ${quote([path])}  only if that process is no fetch of Novasphere`,
      ],
    }),
  tookOver: (stale) =>
    stale === undefined
      ? 'took over a lock of the store that nobody can have written to its end'
      : `took over the lock of a fetch (process ${stale.holder.pid}, since ${moment(stale.holder.since)}), which ${stale.why}`,
};
