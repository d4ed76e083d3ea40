import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from '#engine/fault';
import type { Entry, Journal } from '#ports/journal';
import { ensureDirectory } from './ensure-directory.ts';
import { leaksOf } from './jsonl-journal-secrets.ts';

export interface JournalOptions {
  /** Values that must never be written down. Asked before every line: secrets become known during a run. */
  readonly secrets?: () => ReadonlySet<string>;
}

/** A journal as JSON lines in `<directory>/<run>.jsonl`: one line per event, on the disk before `append` returns. */
export interface JsonlJournal extends Journal {
  readonly path: string;
  close(): void;
}

/** Starts a new journal; a run that is already there is a Fault, because a journal is never written twice. */
export function openJournal(directory: string, run: string, options: JournalOptions = {}): JsonlJournal {
  const path = join(directory, `${run}.jsonl`);
  const file = guarded(path, () => created(directory, path));
  const secrets = options.secrets ?? (() => new Set<string>());
  return {
    path,
    append(entry) {
      refuseSecrets(entry, secrets());
      guarded(path, () => {
        writeWhole(file, `${JSON.stringify(entry)}\n`);
        fsyncSync(file);
      });
    },
    close: () => closeSync(file),
  };
}

/** The new file and the directory that names it are both made to outlast a power cut. */
function created(directory: string, path: string): number {
  ensureDirectory(directory);
  const file = openSync(path, 'ax', 0o600);
  const parent = openSync(directory, 'r');
  fsyncSync(parent);
  closeSync(parent);
  return file;
}

/** A full disk may take the first half of a line and refuse the second only when asked again. */
function writeWhole(file: number, line: string): void {
  const bytes = Buffer.from(line);
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

function refuseSecrets(entry: Entry, secrets: ReadonlySet<string>): void {
  const where = leaksOf(entry, secrets);
  if (where === undefined) return;
  throw new Fault({
    code: 'JOURNAL-SECRET',
    message: `a secret was about to be written into the journal, in “${where}” of the event “${entry.event}”`,
    cause: 'the line was refused before it reached the disk, and the run stops',
    remedy: ['report this: it is a mistake in Novasphere'],
  });
}

/** Errors of the disk beneath the journal, in words. */
function guarded<Made>(path: string, work: () => Made): Made {
  try {
    return work();
  } catch (error) {
    throw journalFault(path, error as NodeJS.ErrnoException);
  }
}

export function journalFault(path: string, error: NodeJS.ErrnoException, what = 'journal'): Error {
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') {
    return new Fault({
      code: 'HOST-DISK-FULL',
      message: `the ${what} cannot be written, so the run stops: without evidence nothing more may be changed`,
      cause: `no space is left for ${path}`,
      remedy: [`df -h ${dirname(path)}`, 'make room, then run the same command again: it goes on from here'],
    });
  }
  if (!['EROFS', 'EACCES', 'EPERM', 'ENOTDIR', 'EIO', 'EEXIST', 'ENOENT'].includes(error.code ?? '')) return error;
  return new Fault({
    code: 'STATE-UNWRITABLE',
    message: `the ${what} ${path} cannot be written, and nothing is changed without one`,
    cause: reasonOf(error),
    remedy: forRoot.has(error.code ?? '') ? ['run the command as root', elsewhere] : [elsewhere],
  });
}

const elsewhere = 'NOVASPHERE_STATE=/some/directory novasphere …  keeps the journal elsewhere';

/** What another user may be allowed to. */
const forRoot = new Set(['EACCES', 'EPERM']);

/** What the kernel says of a directory or a file, in words. */
export function reasonOf(error: NodeJS.ErrnoException): string {
  return reasons[error.code ?? ''] ?? error.message;
}

const reasons: Readonly<Record<string, string>> = {
  EROFS: 'the file system is mounted read-only',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  ENOTDIR: 'a part of the path is a file, not a directory',
  EIO: 'the disk answers with an input/output error',
  EEXIST: 'a journal of that name is already there',
  ENOENT: 'nothing can be made there',
};
