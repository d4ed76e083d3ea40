import { existsSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '#engine/fault';
import type { Entry } from '#ports/journal';
import { type JournalOptions, type JsonlJournal, openJournal, reasonOf } from './jsonl-journal.ts';
import { type JournalText, readJournal } from './jsonl-journal-reader.ts';

/** Where Novasphere keeps the journals of its runs on this machine: `runs/<run>.jsonl` and `latest`. */
export interface StateDirectory {
  readonly path: string;
  /** Ids of all runs, oldest first; ids sort by time. */
  runs(): readonly string[];
  /** The journal of a run, of the last one when none is named; a Fault RUN-UNKNOWN when there is none. */
  read(run?: string): JournalText & { readonly run: string; readonly path: string };
  /** The events of every run that can be read, oldest first; a journal of a newer version is a Fault. */
  all(): readonly (readonly Entry[])[];
  /** Starts the journal of a new run, named after the time and the command, and points `latest` at it. */
  begin(now: number, command: string, options?: JournalOptions): JsonlJournal & { readonly run: string };
}

const usual = '/var/lib/novasphere';

/** What has to be known of machine and user to find the journals. */
export interface Seeker {
  readonly isRoot: boolean;
  exists(path: string): boolean;
}

const thisUser: Seeker = { isRoot: process.getuid?.() === 0, exists: existsSync };

/**
 * `$NOVASPHERE_STATE`, or /var/lib/novasphere. Somebody who is not root and drives a cluster from a machine on which
 * root has never run this keeps journals at home: `$XDG_STATE_HOME/novasphere`, or ~/.local/state/novasphere.
 */
export function statePath(
  environment: Readonly<Record<string, string | undefined>>,
  seeker: Seeker = thisUser,
): string {
  const { NOVASPHERE_STATE, XDG_STATE_HOME, HOME } = environment;
  if (NOVASPHERE_STATE) return NOVASPHERE_STATE;
  const home = XDG_STATE_HOME || (HOME ? join(HOME, '.local/state') : undefined);
  return home === undefined || seeker.isRoot || seeker.exists(usual) ? usual : join(home, 'novasphere');
}

export function stateDirectory(path: string): StateDirectory {
  const directory = join(path, 'runs');
  const runs = () => runsIn(directory);
  const fileOf = (run: string) => join(directory, `${run}.jsonl`);
  return {
    path,
    runs,
    read(asked) {
      const run = chosen(asked, runs(), directory);
      return { run, path: fileOf(run), ...readJournal(fileOf(run)) };
    },
    all: () => runs().flatMap((run) => readable(fileOf(run))),
    begin(now, command, options) {
      const run = newId(now, command, runs());
      const journal = openJournal(directory, run, options);
      pointAt(path, run);
      return { ...journal, run };
    },
  };
}

function runsIn(directory: string): readonly string[] {
  try {
    const names = readdirSync(directory).filter((name) => name.endsWith('.jsonl'));
    return names.map((name) => name.slice(0, -'.jsonl'.length)).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw unreadable(directory, error as NodeJS.ErrnoException);
  }
}

function unreadable(directory: string, error: NodeJS.ErrnoException): Error {
  const isForbidden = error.code === 'EACCES' || error.code === 'EPERM';
  return new Fault({
    code: isForbidden ? 'HOST-PERMISSION' : 'JOURNAL-UNREADABLE',
    message: `the journals in ${directory} cannot be read`,
    cause: isForbidden ? 'this user may not read there' : reasonOf(error),
    remedy: isForbidden
      ? ['run the command as root']
      : ['NOVASPHERE_STATE=/some/directory novasphere …  looks for journals elsewhere'],
  });
}

function chosen(asked: string | undefined, runs: readonly string[], directory: string): string {
  const run = asked ?? runs.at(-1);
  if (run !== undefined && runs.includes(run)) return run;
  throw new Fault({
    code: 'RUN-UNKNOWN',
    message: run === undefined ? 'no run has been recorded on this machine yet' : `there is no run ${run}`,
    where: [`directory ${directory}`],
    evidence: runs.slice(-5),
    remedy: run === undefined ? ['novasphere apply PROFILE'] : ['novasphere report  tells the last run'],
  });
}

/** A broken journal of some earlier run must not keep this machine from being repaired. */
function readable(path: string): readonly (readonly Entry[])[] {
  try {
    return [readJournal(path).entries];
  } catch (error) {
    if (error instanceof Fault && error.code === 'JOURNAL-UNREADABLE') return [];
    throw error;
  }
}

/** `20261121-060000-apply`; a second run within one second gets a number. Never before a run that is already there. */
function newId(now: number, command: string, runs: readonly string[]): string {
  const stamp = new Date(now).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const base = `${stamp}-${command}`;
  let id = base;
  for (let count = 2; runs.includes(id); count++) id = `${base}-${count}`;
  return id;
}

/** For people and scripts; a directory that does not take links goes without. */
function pointAt(path: string, run: string): void {
  const next = join(path, `latest.${run}.tmp`);
  try {
    symlinkSync(join('runs', `${run}.jsonl`), next);
    renameSync(next, join(path, 'latest'));
  } catch {
    rmSync(next, { force: true });
  }
}
