import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { stateDirectory } from '#adapters/state-directory';
import { sampleJournal } from '../report/sample-journal.ts';
import { launch, program, root, scratch } from './novasphere.ts';

let state: string;
beforeEach(() => {
  state = join(scratch(), 'state');
});

const run = (...words: readonly string[]) => launch(words, { NOVASPHERE_STATE: state }).ended;
const short = (text: string) => text.replaceAll(state, '/state').replace(/process \d+/g, 'process 4711');
const apply = ['apply', 'profiles/lab-vm.yaml', '--bundle', '/nonexistent'] as const;

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
    expect(short(err)).toMatchInlineSnapshot();
  });

  it('is told by status and report, which have nothing to tell', async () => {
    const [status, report] = await Promise.all([run('status'), run('report')]);

    expect(status.exitCode).toBe(1);
    expect(short(status.err)).toMatchInlineSnapshot();
    expect(report).toMatchObject({ exitCode: 1, err: status.err });
  });

  it('does not keep plan and rehearse from their work', async () => {
    const [plan, rehearse] = await Promise.all([
      run('plan', 'profiles/lab-vm.yaml'),
      run('rehearse', 'profiles/single-node.yaml'),
    ]);

    expect(plan.out).toContain('in all ');
    expect(short(plan.err)).toContain('without the durations of earlier runs: the journals in /state/runs cannot be read\n');
    expect(rehearse.exitCode).toBe(0);
  });
});

describe('a state directory where nothing can be made', () => {
  it('keeps apply from beginning, and does not let it try for ever', async () => {
    state = '/proc/novasphere-test';

    const { exitCode, err } = await run(...apply);

    expect(exitCode).toBe(1);
    expect(short(err)).toMatchInlineSnapshot();
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
    expect(short(stderr)).toMatchInlineSnapshot();
  });

  it('that is full keeps apply from beginning', () => {
    const { status, stderr } = applyOn('size=64k', 'head -c 65536 /dev/zero > "$NOVASPHERE_STATE/full"');

    expect(status).toBe(1);
    expect(short(stderr)).toMatchInlineSnapshot();
  });
});

describe('a second run at the same time', () => {
  const holder = (field: (pid: number) => string) => `
    const { takeLock } = await import(${JSON.stringify(join(root, 'installer/src/adapters/run-lock.ts'))});
    takeLock(${JSON.stringify(state)}, { command: 'apply', now: Date.UTC(2026, 10, 21, 6, 0, 0) });
    console.log('held');
    ${field(0)}`;

  it('is refused, says who is at work, and leaves the lock alone', async () => {
    const other = spawnNode(holder(() => 'setInterval(() => {}, 1000);'));
    await other.held;
    const lock = readFileSync(join(state, 'lock'), 'utf8');

    const { exitCode, out, err } = await run(...apply);
    const status = await run('status', '--output', 'json');

    expect(exitCode).toBe(6);
    expect(out).toBe('');
    expect(err).toContain(`process ${other.pid}`);
    expect(short(err)).toMatchInlineSnapshot();
    expect(readFileSync(join(state, 'lock'), 'utf8')).toBe(lock);
    expect(status.exitCode).toBe(2);
    other.kill();
  });

  it('takes over the lock of a process that is gone, says so, and gives it back', async () => {
    const other = spawnNode(holder(() => 'process.exit(0);'));
    await other.held;
    await other.gone;

    const { exitCode, err } = await run(...apply);

    expect(exitCode).toBe(1);
    expect(short(err).split('\n').slice(0, 2).join('\n')).toMatchInlineSnapshot();
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

    expect(short(err).split('\n')[0]).toMatchInlineSnapshot();
    expect(readdirSync(state)).toEqual([]);
  });
});

/** A Node of its own that runs a module text. */
function spawnNode(text: string) {
  const running = execa(text);
  return running;
}

function execa(text: string) {
  const { child, until, ended } = launchNode(text);
  return { pid: child.pid, held: until('held'), gone: ended, kill: () => child.kill('SIGKILL') };
}

function launchNode(text: string) {
  return nodeProcess(['--input-type=module', '--eval', text]);
}
