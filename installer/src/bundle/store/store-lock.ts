import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '#engine/fault';
import { quote } from '#engine/quote';
import { fateOf, type Holder, type Kernel, ownHolder, proc } from './holder.ts';
import { storeFault } from './store-fault.ts';

export interface StoreLock {
  /** Set when a lock that nobody holds any more was taken over: a sentence to tell. */
  readonly tookOver?: string;
  release(): void;
}

interface Held extends Holder {
  /** ISO time since when the lock is held. */
  readonly since: string;
}

/**
 * One fetch at a time for each store: takes `<directory>/lock` or throws FETCH-LOCKED. Two would only do the same work
 * twice; the bytes are safe without it.
 */
export function lockStore(directory: string, options: { readonly now: number; readonly kernel?: Kernel }): StoreLock {
  const { now, kernel = proc } = options;
  const path = join(directory, 'lock');
  try {
    const own: Held = { ...ownHolder(kernel), since: new Date(now).toISOString() };
    mkdirSync(directory, { recursive: true });
    const tookOver = claim(path, own, kernel);
    return { ...(tookOver === undefined ? {} : { tookOver }), release: () => release(path, own) };
  } catch (error) {
    throw error instanceof Fault ? error : storeFault(error, { doing: 'write', path });
  }
}

function claim(path: string, own: Held, kernel: Kernel): string | undefined {
  if (isPlaced(path, own)) return undefined;
  const holder = read(path);
  if (holder !== undefined && fateOf(holder, kernel) === 'alive') throw locked(holder, path);
  const aside = `${path}.${own.pid}.stale`;
  renameSync(path, aside);
  // Another process may have taken the stale lock over in between: then what was moved is its lock, and it goes back.
  const moved = read(aside);
  const isStale = moved === undefined || fateOf(moved, kernel) !== 'alive';
  if (!isStale) linkSync(aside, path);
  rmSync(aside, { force: true });
  if (isStale && isPlaced(path, own)) return takeoverOf(holder, kernel);
  throw locked(read(path) ?? own, path);
}

/** A link appears with its whole content or not at all, so nobody ever reads half a lock. */
function isPlaced(path: string, own: Held): boolean {
  const next = `${path}.${own.pid}.tmp`;
  writeFileSync(next, `${JSON.stringify(own)}\n`, { mode: 0o644 });
  try {
    linkSync(next, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(next, { force: true });
  }
}

function read(path: string): Held | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Held;
  } catch {
    return undefined;
  }
}

function takeoverOf(holder: Held | undefined, kernel: Kernel): string {
  if (holder === undefined) return 'took over a lock of the store that nobody can have written to its end';
  const why = holder.bootId === kernel.bootId() ? 'no longer runs' : 'was ended by a restart of the machine';
  return `took over the lock of a fetch (process ${holder.pid}, since ${moment(holder.since)}), which ${why}`;
}

function release(path: string, own: Held): void {
  const holder = read(path);
  if (holder?.pid === own.pid && holder.ticks === own.ticks) rmSync(path, { force: true });
}

function locked(holder: Held, path: string): Fault {
  return new Fault({
    code: 'FETCH-LOCKED',
    message: `another fetch (process ${holder.pid}) has been filling the same store since ${moment(holder.since)}`,
    cause: 'two fetches at once would download everything twice',
    where: [`file ${path}`],
    remedy: [
      'wait until it has ended, then run the same command again: what it has fetched is not fetched again',
      `kill -INT ${holder.pid}  asks it to stop; it keeps what it has`,
      `rm ${quote([path])}  only if that process is no fetch of Novasphere`,
    ],
  });
}

/** `2026-11-21 06:00:00 UTC` */
function moment(iso: string): string {
  return iso.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
}
