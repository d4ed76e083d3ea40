import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fault } from '#engine/fault';
import type { Entry } from '#ports/journal';
import { sampleJournal } from '../../../test/report/sample-journal.ts';
import { journalFault, openJournal } from './jsonl-journal.ts';
import { parseJournal, readJournal } from './jsonl-journal-reader.ts';

const entries = sampleJournal();
const scratch = () => mkdtempSync(join(tmpdir(), 'novasphere-journal-'));
const note = (text: string): Entry => ({ at: '2026-11-21T06:00:00.000Z', event: 'note', text });

function faultOf(work: () => unknown): Fault {
  try {
    work();
  } catch (error) {
    return error as Fault;
  }
  throw new Error('nothing was thrown');
}

describe('the journal', () => {
  it('gives back every event that was appended, in order', () => {
    const journal = openJournal(scratch(), 'one');

    for (const entry of entries) journal.append(entry);

    expect(readJournal(journal.path)).toEqual({ entries, torn: false });
  });

  it('is a file that only its owner can read', () => {
    const journal = openJournal(scratch(), 'one');

    expect(statSync(journal.path).mode & 0o777).toBe(0o600);
  });

  it('is on the disk before append returns', () => {
    const journal = openJournal(scratch(), 'one');

    journal.append(note('written'));

    expect(readFileSync(journal.path, 'utf8').endsWith('\n')).toBe(true);
  });

  it('never writes into a journal that is already there', () => {
    const directory = scratch();
    openJournal(directory, 'one').append(note('first'));

    expect(faultOf(() => openJournal(directory, 'one'))).toMatchObject({ code: 'STATE-UNWRITABLE' });
  });

  it.for([
    ['in the middle of a text', 'the token is K10abc::server:xyz, do not tell'],
    ['in base64', `token: ${Buffer.from('K10abc::server:xyz').toString('base64')}`],
  ])('refuses a secret %s, before it reaches the disk', ([, text]) => {
    const journal = openJournal(scratch(), 'one', { secrets: () => new Set(['K10abc::server:xyz']) });

    const fault = faultOf(() => journal.append(note(text as string)));

    expect(fault).toMatchObject({ code: 'JOURNAL-SECRET', exitCode: 70 });
    expect(fault.message).toBe('a secret was about to be written into the journal, in “text” of the event “note”');
    expect(readFileSync(journal.path, 'utf8')).toBe('');
  });

  it('refuses a short secret only where it is the whole value, since short ones stand in ordinary words', () => {
    const journal = openJournal(scratch(), 'one', { secrets: () => new Set(['adm']) });

    journal.append(note('the user is an administrator'));

    expect(() => journal.append(note('adm'))).toThrow('a secret was about to be written');
  });

  it('says that the run stops when the disk is full, because evidence cannot be kept', () => {
    const fault = journalFault(
      '/var/lib/novasphere/runs/one.jsonl',
      Object.assign(new Error(), { code: 'ENOSPC' }),
    ) as Fault;

    expect(fault.record()).toMatchInlineSnapshot(`
      {
        "because": [
          "no space is left for /var/lib/novasphere/runs/one.jsonl",
        ],
        "code": "HOST-DISK-FULL",
        "evidence": [],
        "message": "the journal cannot be written, so the run stops: without evidence nothing more may be changed",
        "remedy": [
          "df -h /var/lib/novasphere/runs",
          "make room, then run the same command again: it goes on from here",
        ],
        "where": [],
      }
    `);
  });

  it.for(['EROFS', 'EACCES'])('names the state directory when it cannot be written: %s', (code) => {
    const fault = journalFault('/var/lib/novasphere/runs/one.jsonl', Object.assign(new Error(), { code })) as Fault;

    expect(fault.code).toBe('STATE-UNWRITABLE');
    expect(fault.message).toBe(
      'the journal /var/lib/novasphere/runs/one.jsonl cannot be written, and nothing is changed without one',
    );
  });
});

describe('reading a journal', () => {
  const bytes = Buffer.from(
    entries
      .slice(0, 40)
      .map((entry) => `${JSON.stringify(entry)}\n`)
      .join(''),
  );

  it('opens again wherever the file was cut', () => {
    let whole = 0;
    const surprises: number[] = [];
    for (let cut = 0; cut <= bytes.length; cut++) {
      if (bytes[cut - 1] === 10) whole++;
      const { entries: read } = parseJournal(bytes.subarray(0, cut).toString('utf8'), 'one.jsonl');
      const isSo = read.length - whole <= 1 && JSON.stringify(read.at(-1)) === JSON.stringify(entries[read.length - 1]);
      if (!isSo) surprises.push(cut);
    }

    expect(surprises).toEqual([]);
  });

  it('opens again whatever texts its events hold', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), fc.nat(), (texts, at) => {
        const file = texts.map((text) => `${JSON.stringify(note(text))}\n`).join('');

        const { entries: read } = parseJournal(file.slice(0, at % (file.length + 1)), 'one.jsonl');

        expect(read).toEqual(texts.slice(0, read.length).map(note));
      }),
    );
  });

  it('tells that the last line was torn, also when zeros lie behind it', () => {
    const torn = bytes.subarray(0, bytes.length - 5).toString('utf8');

    expect(parseJournal(torn, 'one.jsonl').torn).toBe(true);
    expect(parseJournal(`${torn}\0\0\0\0`, 'one.jsonl').torn).toBe(true);
    expect(parseJournal(`${bytes.toString('utf8')}\0\0`, 'one.jsonl').torn).toBe(false);
  });

  it('refuses a journal of a newer version', () => {
    const newer = JSON.stringify({ ...entries[0], version: 2 });

    const fault = faultOf(() => parseJournal(`${newer}\n`, '/var/lib/novasphere/runs/one.jsonl'));

    expect(fault.record()).toMatchInlineSnapshot(`
      {
        "because": [
          "a newer Novasphere ran on this machine before",
        ],
        "code": "JOURNAL-NEWER",
        "evidence": [],
        "message": "the journal /var/lib/novasphere/runs/one.jsonl has version 2, and this Novasphere knows version 1",
        "remedy": [
          "use the newer Novasphere",
          "mv /var/lib/novasphere/runs/one.jsonl /var/lib/novasphere/runs/one.jsonl.newer  if its run no longer matters",
        ],
        "where": [
          "file /var/lib/novasphere/runs/one.jsonl",
        ],
      }
    `);
  });

  it('refuses a journal that is damaged in its middle', () => {
    const file = join(scratch(), 'one.jsonl');
    writeFileSync(file, `${JSON.stringify(note('a'))}\n{"event":\n${JSON.stringify(note('b'))}\n`);

    expect(faultOf(() => readJournal(file))).toMatchObject({
      code: 'JOURNAL-UNREADABLE',
      cause: 'line 2 is not an event',
    });
  });
});
