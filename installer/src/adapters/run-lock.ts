import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '#engine/fault';
import { moment } from '#report/said';
import { ensureDirectory } from './ensure-directory.ts';
import { journalFault } from './jsonl-journal.ts';

/** Who holds the lock: enough to tell whether that process still lives, also after a restart of the machine. */
export interface Holder {
  readonly pid: number;
  readonly bootId: string;
  /** When the kernel started the process, in ticks since boot: the same pid may be another process by now. */
  readonly ticks: string;
  /** ISO time since when the lock is held. */
  readonly since: string;
  readonly command: string;
}

export interface RunLock {
  /** Set when a lock that nobody holds any more was taken over: a sentence to tell. */
  readonly tookOver?: string;
  release(): void;
}

export interface LockOptions {
  readonly command: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What the kernel says of processes; the default asks /proc. */
  readonly kernel?: Kernel;
}

export interface Kernel {
  readonly pid: number;
  bootId(): string;
  /** The start of a process in ticks since boot; undefined when there is no such process. */
  ticks(pid: number): string | undefined;
}

/** One run at a time on one machine: takes `<state>/lock` or throws RUN-LOCKED. */
export function takeLock(directory: string, options: LockOptions): RunLock {
  const { command, now, kernel = proc } = options;
  const path = join(directory, 'lock');
  const { pid } = kernel;
  const own: Holder = {
    pid,
    bootId: kernel.bootId(),
    ticks: kernel.ticks(pid) ?? '',
    since: new Date(now).toISOString(),
    command,
  };
  try {
    ensureDirectory(directory);
    const tookOver = claim(path, own, kernel);
    return { ...(tookOver === undefined ? {} : { tookOver }), release: () => release(path, own) };
  } catch (error) {
    throw error instanceof Fault ? error : journalFault(path, error as NodeJS.ErrnoException, 'lock');
  }
}

/** Who is at work now; undefined when nobody holds the lock, or only somebody who is gone. */
export function holderOf(directory: string, kernel: Kernel = proc): Holder | undefined {
  const holder = read(join(directory, 'lock'));
  return holder !== undefined && isAlive(holder, kernel) ? holder : undefined;
}

function claim(path: string, own: Holder, kernel: Kernel): string | undefined {
  if (placed(path, own)) return undefined;
  const holder = read(path);
  if (holder !== undefined && isAlive(holder, kernel)) throw locked(holder, path);
  const aside = `${path}.${own.pid}.stale`;
  renameSync(path, aside);
  // Another process may have taken the stale lock over in between: then what was moved is its lock, and it goes back.
  const moved = read(aside);
  const isStale = moved === undefined || !isAlive(moved, kernel);
  if (!isStale) linkSync(aside, path);
  rmSync(aside, { force: true });
  if (isStale && placed(path, own)) return takeoverOf(holder, kernel);
  throw locked(read(path) ?? own, path);
}

/** A link appears with its whole content or not at all, so nobody ever reads half a lock. */
function placed(path: string, own: Holder): boolean {
  const next = `${path}.${own.pid}.tmp`;
  writeFileSync(next, `${JSON.stringify(own)}\n`, { mode: 0o600 });
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

function read(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function isAlive(holder: Holder, kernel: Kernel): boolean {
  return holder.bootId === kernel.bootId() && kernel.ticks(holder.pid) === holder.ticks;
}

function takeoverOf(holder: Holder | undefined, kernel: Kernel): string {
  if (holder === undefined) return 'took over a lock that nobody can have written to its end';
  const why = holder.bootId === kernel.bootId() ? 'no longer runs' : 'was ended by a restart of the machine';
  return `took over the lock of “novasphere ${holder.command}” (process ${holder.pid}, since ${moment(holder.since)}), which ${why}`;
}

function release(path: string, own: Holder): void {
  const holder = read(path);
  if (holder?.pid === own.pid && holder.ticks === own.ticks) rmSync(path, { force: true });
}

function locked(holder: Holder, path: string): Fault {
  return new Fault({
    code: 'RUN-LOCKED',
    message: `“novasphere ${holder.command}” (process ${holder.pid}) has been at work since ${moment(holder.since)}`,
    cause: 'two runs at the same time would undo each other’s work',
    where: [`file ${path}`],
    remedy: ['novasphere status --follow', `kill -INT ${holder.pid}  asks it to stop at its next safe point`],
  });
}

const proc: Kernel = {
  pid: process.pid,
  bootId: () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
  ticks(pid) {
    try {
      // Field 22, counted behind the command's name, which may hold blanks and brackets.
      return readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[19];
    } catch {
      return undefined;
    }
  },
};
