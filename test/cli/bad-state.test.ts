import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { stateDirectory } from '#adapters/state-directory';
import { sampleJournal } from '../report/sample-journal.ts';
import { node, novasphere, program, root, scratch } from './novasphere.ts';

let state: string;
beforeEach(() => {
  state = join(scratch(), 'state');
});

const run = (...words: readonly string[]) => novasphere(words, { NOVASPHERE_STATE: state });
const short = (text: string) => text.replaceAll(state, '/state').replace(/(process|-INT) \d+/g, '$1 4711');
const apply = ['apply', 'profiles/lab-vm.yaml', '--bundle', '/nonexistent'] as const;

/** A bundle that is whole, with nothing in it. */
function bundleOfNothing(): string {
  const place = scratch();
  writeFileSync(join(place, 'bundle.yaml'), 'version: 1\nfiles: []\n');
  return place;
}

/** A run of an earlier day, as its journal tells it. */
function earlier(change: (text: string) => string = (text) => text): string {
  const journal = stateDirectory(state).begin(Date.UTC(2026, 10, 20, 6, 0, 0), 'apply');
  for (const entry of sampleJournal()) journal.append(entry);
  journal.close();
  writeFileSync(journal.path, change(readFileSync(journal.path, 'utf8')));
  return journal.run;
}

describe('a state directory below a file', () => {
  beforeEach(() => {
    const file = join(scratch(), 'file');
    writeFileSync(file, '');
    state = join(file, 'state');
  });

  it('keeps apply from beginning', async () => {
    const { exitCode, out, err } = await run(...apply);

    expect(exitCode).toBe(1);
    expect(out).toBe('');
    expect(short(err)).toMatchInlineSnapshot(`
      "✖ The state directory cannot be written
        the lock /state/lock cannot be written, and
        nothing is changed without one
        because  a part of the path is a file, not a directory
        try      NOVASPHERE_STATE=/some/directory novasphere …
                   keeps the journal elsewhere
      "
    `);
  });

  it('is told by status and report, which have nothing to tell', async () => {
    const [status, report] = await Promise.all([run('status'), run('report')]);

    expect(status.exitCode).toBe(1);
    expect(short(status.err)).toMatchInlineSnapshot(`
      "✖ A journal cannot be read
        the journals in /state/runs cannot be read
        because  a part of the path is a file, not a directory
        try      NOVASPHERE_STATE=/some/directory novasphere …
                   looks for journals elsewhere
      "
    `);
    expect(report).toMatchObject({ exitCode: 1, err: status.err });
  });

  it('does not keep plan from its work', async () => {
    const { out, err } = await run('plan', 'profiles/lab-vm.yaml', '--bundle', bundleOfNothing());

    expect(out).toContain('in all ');
    expect(short(err)).toBe('without the durations of earlier runs: the journals in /state/runs cannot be read\n');
  });
});

describe('a state directory where nothing can be made', () => {
  it('keeps apply from beginning, and does not let it try for ever', async () => {
    state = '/proc/novasphere-test';

    const { exitCode, err } = await run(...apply);

    expect(exitCode).toBe(1);
    expect(short(err)).toMatchInlineSnapshot(`
      "✖ The state directory cannot be written
        the lock /state/lock cannot be written, and nothing is changed
        without one
        because  nothing can be made there
        try      NOVASPHERE_STATE=/some/directory novasphere …
                   keeps the journal elsewhere
      "
    `);
  });
});

/** Whether this user may mount something in a namespace of its own. */
const mayMount = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

/** `apply` in a mount namespace in which the state directory is a small disk of its own. */
function applyOn(options: string, before = 'true') {
  mkdirSync(state, { recursive: true });
  const line = `mount -t tmpfs -o ${options} none "$NOVASPHERE_STATE" && ${before} && exec "$@"`;
  const env = { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', NOVASPHERE_STATE: state };
  const words = ['-m', 'sh', '-c', line, 'sh', process.execPath, program, ...apply];
  return spawnSync('unshare', words, { cwd: root, env, encoding: 'utf8' });
}

describe.skipIf(!mayMount)('a state directory on a disk', () => {
  it('that is read-only keeps apply from beginning', () => {
    const { status, stderr } = applyOn('ro');

    expect(status).toBe(1);
    expect(short(stderr)).toMatchInlineSnapshot(`
      "✖ The state directory cannot be written
        the lock /state/lock cannot be written, and nothing
        is changed without one
        because  the file system is mounted read-only
        try      NOVASPHERE_STATE=/some/directory novasphere …
                   keeps the journal elsewhere
      "
    `);
  });

  it('that is full keeps apply from beginning', () => {
    const { status, stderr } = applyOn('size=64k', 'head -c 65536 /dev/zero > "$NOVASPHERE_STATE/full"');

    expect(status).toBe(1);
    expect(short(stderr)).toMatchInlineSnapshot(`
      "✖ The disk is full
        the lock cannot be written, so the run stops: without evidence nothing more
        may be changed
        because  no space is left for /state/lock
        try      df -h /state
                 make room, then run the same command again: it goes on from here
      "
    `);
  });
});

describe('a second run at the same time', () => {
  /** A process of its own that takes the lock, and then does something. */
  const holder = (then: string) => {
    const lock = JSON.stringify(join(root, 'installer/src/adapters/run-lock.ts'));
    const take = `takeLock(${JSON.stringify(state)}, { command: 'apply', now: Date.UTC(2026, 10, 21, 6, 0, 0) })`;
    const text = `const { takeLock } = await import(${lock}); ${take}; console.log('held'); ${then}`;
    return node(['--input-type=module', '--eval', text]);
  };

  it('is refused, says who is at work, and leaves the lock alone', async () => {
    const other = holder('setInterval(() => {}, 1000)');
    await other.until('held');
    const lock = readFileSync(join(state, 'lock'), 'utf8');

    const { exitCode, out, err } = await run(...apply);
    const status = await run('status', '--output', 'json');

    expect(exitCode).toBe(6);
    expect(out).toBe('');
    expect(err).toContain(`process ${other.child.pid}`);
    // How long a process id is decides where a line ends.
    expect(short(err).split(/\s+/).join(' ')).toBe(
      '✖ Another run is at work “novasphere apply” (process 4711) has been at work since 2026-11-21 06:00:00 UTC ' +
        'because two runs at the same time would undo each other’s work where file /state/lock ' +
        'try novasphere status --follow kill -INT 4711 asks it to stop at its next safe point ',
    );
    expect(readFileSync(join(state, 'lock'), 'utf8')).toBe(lock);
    expect(status.exitCode).toBe(2);
    other.child.kill('SIGKILL');
  });

  it('takes over the lock of a process that is gone, says so, and gives it back', async () => {
    const other = holder('process.exit(0)');
    await other.ended;

    const { exitCode, err } = await run(...apply);

    expect(exitCode).toBe(1);
    expect(short(err).split('\n').slice(0, 2).join('\n')).toMatchInlineSnapshot(`
      "took over the lock of “novasphere apply” (process 4711, since 2026-11-21 06:00:00 UTC), which no longer runs
      ✖ The bundle cannot be opened"
    `);
    expect(existsSync(join(state, 'lock'))).toBe(false);
  });

  it('takes over a lock from before the last restart of the machine', async () => {
    mkdirSync(state, { recursive: true });
    const since = '2026-11-21T06:00:00.000Z';
    writeFileSync(
      join(state, 'lock'),
      JSON.stringify({ pid: process.pid, bootId: 'another', ticks: '1', since, command: 'verify' }),
    );

    const { err } = await run(...apply);

    expect(short(err).split('\n')[0]).toMatchInlineSnapshot(
      `"took over the lock of “novasphere verify” (process 4711, since 2026-11-21 06:00:00 UTC), which was ended by a restart of the machine"`,
    );
    expect(readdirSync(state)).toEqual([]);
  });
});

describe('a journal of a newer version', () => {
  it('keeps apply from beginning, and is told by report', async () => {
    earlier((text) => text.replace('"version":1', '"version":2'));

    const [applied, report, plan] = await Promise.all([
      run(...apply),
      run('report'),
      run('plan', 'profiles/lab-vm.yaml', '--bundle', bundleOfNothing()),
    ]);

    expect(applied.exitCode).toBe(1);
    expect(short(applied.err)).toMatchInlineSnapshot(`
      "✖ A journal is from a newer version
        the journal /state/runs/20261120-060000-apply.jsonl
        has version 2, and this Novasphere knows version 1
        because  a newer Novasphere ran on this machine before
        where    file
                 /state/runs/20261120-060000-apply.jsonl
        try      use the newer Novasphere
                 mv /state/runs/20261120-060000-apply.jsonl /state/runs/20261120-060000-apply.jsonl.newer
                   if its run no longer matters
      "
    `);
    expect(short(report.err)).toBe(short(applied.err));
    expect(plan.out).toContain('in all ');
  });
});

describe('a journal that was cut in its last line', () => {
  it('is told as far as it goes, and said to be cut', async () => {
    earlier((text) => text.slice(0, -20));

    const { exitCode, out, err } = await run('report');

    expect(exitCode).toBe(0);
    expect(out).toContain('novasphere apply  plant-7\n');
    expect(short(err)).toMatchInlineSnapshot(`
      "the last line of the journal of 20261120-060000-apply was cut while it was being written; it is left out
      "
    `);
  });
});

describe('a journal in which something else is written', () => {
  it('is told where it cannot be read, and does not keep plan from its work', async () => {
    earlier((text) => text.replace('\n', '\nwhat is this\n'));

    const [report, plan] = await Promise.all([
      run('report'),
      run('plan', 'profiles/lab-vm.yaml', '--bundle', bundleOfNothing()),
    ]);

    expect(report.exitCode).toBe(1);
    expect(short(report.err)).toMatchInlineSnapshot(`
      "✖ A journal cannot be read
        the journal /state/runs/20261120-060000-apply.jsonl
        cannot be read
        because  line 2 is not an event
        where    file
                 /state/runs/20261120-060000-apply.jsonl
        try      ls -l /state/runs/20261120-060000-apply.jsonl
                 mv /state/runs/20261120-060000-apply.jsonl /state/runs/20261120-060000-apply.jsonl.broken
                   leaves it out from now on
      "
    `);
    expect(plan.out).toContain('in all ');
  });
});
