import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fateOf, type Holder, type Kernel } from '#bundle/store/holder';
import type { Fault } from '#engine/fault';

/** Who holds a lock: enough to tell whether that process still lives, also after a restart of the machine. */
export interface LockHolder extends Holder {
  /** ISO time since when the lock is held. */
  readonly since: string;
}

export interface ProcessLock {
  /** Set when a lock that nobody holds any more was taken over: a sentence to tell. */
  readonly tookOver?: string;
  release(): void;
}

export interface LockWords<Own extends LockHolder> {
  /** What a lock file says. */
  parse(text: string): Own;
  locked(holder: Own, path: string): Fault;
  /** `why`: “no longer runs”; undefined when nobody can have written the lock to its end. */
  tookOver(stale: { readonly holder: Own; readonly why: string } | undefined): string;
}

export interface LockAbout<Own extends LockHolder> {
  readonly path: string;
  readonly own: Own;
  readonly mode: number;
  readonly kernel: Kernel;
  readonly words: LockWords<Own>;
}

/** Takes a lock file, also from a process that is gone; throws `words.locked` while somebody holds it. */
export function takeProcessLock<Own extends LockHolder>(about: LockAbout<Own>): ProcessLock {
  const tookOver = claim(about);
  return { ...(tookOver === undefined ? {} : { tookOver }), release: () => release(about) };
}

/** Who holds it now; undefined when nobody does, or only somebody who is gone. */
export function lockHolder<Own extends LockHolder>(
  path: string,
  words: LockWords<Own>,
  kernel: Kernel,
): Own | undefined {
  const holder = read(path, words);
  return holder !== undefined && fateOf(holder, kernel) === 'alive' ? holder : undefined;
}

function claim<Own extends LockHolder>(about: LockAbout<Own>): string | undefined {
  const { path, own, kernel, words } = about;
  if (isPlaced(about)) return undefined;
  const holder = read(path, words);
  if (holder !== undefined && fateOf(holder, kernel) === 'alive') throw words.locked(holder, path);
  const aside = `${path}.${own.pid}.stale`;
  renameSync(path, aside);
  // Another process may have taken the stale lock over in between: then what was moved is its lock, and it goes back.
  const moved = read(aside, words);
  const isStale = moved === undefined || fateOf(moved, kernel) !== 'alive';
  if (!isStale) linkSync(aside, path);
  rmSync(aside, { force: true });
  if (isStale && isPlaced(about)) return words.tookOver(holder && { holder, why: whyGone(holder, kernel) });
  throw words.locked(read(path, words) ?? own, path);
}

function whyGone(holder: Holder, kernel: Kernel): string {
  return holder.bootId === kernel.bootId() ? 'no longer runs' : 'was ended by a restart of the machine';
}

/** A link appears with its whole content or not at all, so nobody ever reads half a lock. */
function isPlaced<Own extends LockHolder>({ path, own, mode }: LockAbout<Own>): boolean {
  const next = `${path}.${own.pid}.tmp`;
  writeFileSync(next, `${JSON.stringify(own)}\n`, { mode });
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

function read<Own extends LockHolder>(path: string, { parse }: LockWords<Own>): Own | undefined {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function release<Own extends LockHolder>({ path, own, words }: LockAbout<Own>): void {
  const holder = read(path, words);
  if (holder?.pid === own.pid && holder.ticks === own.ticks) rmSync(path, { force: true });
}
