import { readFileSync } from 'node:fs';
import { Fault } from '#engine/fault';
import { type Entry, JOURNAL_VERSION } from '#ports/journal';

export interface JournalText {
  readonly entries: readonly Entry[];
  /** The last line was cut in the middle of being written, as a power cut does; it is left out. */
  readonly torn: boolean;
}

/** Reads a journal; a torn last line is told, not an error. */
export function readJournal(path: string): JournalText {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw unreadable(path, (error as Error).message);
  }
  return parseJournal(text, path);
}

/** The same for a text; `path` is only for messages. */
export function parseJournal(text: string, path: string): JournalText {
  const lines = text.split('\n');
  // A file system that was cut may leave zeros behind the last line that it had written.
  while (lines.length > 0 && /^[\0\s]*$/.test(lines.at(-1) ?? '')) lines.pop();
  const entries: Entry[] = [];
  for (const [index, line] of lines.entries()) {
    const entry = parsed(line);
    if (entry !== undefined) entries.push(known(entry, path));
    else if (index === lines.length - 1) return { entries, torn: true };
    else throw unreadable(path, `line ${index + 1} is not an event`);
  }
  return { entries, torn: false };
}

function parsed(line: string): Entry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'event' in value ? (value as Entry) : undefined;
  } catch {
    return undefined;
  }
}

function known(entry: Entry, path: string): Entry {
  const version: number = entry.event === 'run-began' ? entry.version : JOURNAL_VERSION;
  if (version <= JOURNAL_VERSION) return entry;
  throw new Fault({
    code: 'JOURNAL-NEWER',
    message: `the journal ${path} has version ${version}, and this Novasphere knows version ${JOURNAL_VERSION}`,
    cause: 'a newer Novasphere ran on this machine before',
    where: [`file ${path}`],
    remedy: ['use the newer Novasphere', `mv ${path} ${path}.newer  if its run no longer matters`],
  });
}

function unreadable(path: string, cause: string): Fault {
  return new Fault({
    code: 'JOURNAL-UNREADABLE',
    message: `the journal ${path} cannot be read`,
    cause,
    where: [`file ${path}`],
    remedy: [`ls -l ${path}`, `mv ${path} ${path}.broken  leaves it out from now on`],
  });
}
