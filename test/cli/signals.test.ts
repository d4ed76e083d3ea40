import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeLock } from '#adapters/run-lock';
import { stateDirectory } from '#adapters/state-directory';
import { sampleJournal } from '../report/sample-journal.ts';
import { launch, scratch, shell } from './novasphere.ts';

const profile = 'profiles/single-node.yaml';

describe('a rehearsal', () => {
  it('stops at the next safe point at the first SIGINT, says so, and ends with 5', async () => {
    const { child, until, ended } = launch(['rehearse', profile]);
    await until('Prepare the host');

    child.kill('SIGINT');
    const { exitCode, out, err } = await ended;

    expect(exitCode).toBe(5);
    expect(err).toContain('stopping at the next safe point; once more stops at once, which is safe too\n');
    expect(out).toMatch(/\nended {5}interrupted, safe to repeat after /);
    expect(err).not.toMatch(/\bat .*\.ts:\d+/);
  });

  it('ends at once with 5 at the second', async () => {
    const { child, until, ended } = launch(['rehearse', profile]);
    await until('Prepare the host');

    child.kill('SIGTERM');
    child.kill('SIGINT');

    expect(await ended).toMatchObject({ exitCode: 5, signal: null });
  });

  it('goes on to its end when the terminal vanishes', async () => {
    const page = join(scratch(), 'report.html');
    const { child, until, ended } = launch(['rehearse', profile, '--mishap', 'power-cut@k3s/service', '--html', page]);
    await until('Prepare the host');

    child.stdout?.destroy();
    child.stderr?.destroy();
    child.kill('SIGHUP');

    expect(await ended).toMatchObject({ exitCode: 5, signal: null });
    expect(readFileSync(page, 'utf8')).toContain('the power was cut');
  });
});

/** A state directory with one run that seems to be under way in this process. */
function underWay() {
  const state = join(scratch(), 'state');
  const lock = takeLock(state, { command: 'apply', now: Date.UTC(2026, 10, 21, 6, 0, 0) });
  const journal = stateDirectory(state).begin(Date.UTC(2026, 10, 21, 6, 0, 0), 'apply');
  const entries = sampleJournal();
  const half = Math.floor(entries.length / 2);
  for (const entry of entries.slice(0, half)) journal.append(entry);
  const finish = () => {
    for (const entry of entries.slice(half)) journal.append(entry);
    lock.release();
  };
  return { state, lock, finish };
}

describe('status --follow', () => {
  it('ends with 0 at SIGINT, and leaves the run and its lock alone', async () => {
    const { state, lock } = underWay();
    const { child, until, ended } = launch(['status', '--follow'], { NOVASPHERE_STATE: state });
    await until('novasphere apply');

    child.kill('SIGINT');

    expect(await ended).toMatchObject({ exitCode: 0, err: '' });
    expect(readdirSync(state).toSorted()).toEqual(['latest', 'lock', 'runs']);
    lock.release();
  });

  it('ends by itself when the run has ended', async () => {
    const { state, finish } = underWay();
    const { until, ended } = launch(['status', '--follow'], { NOVASPHERE_STATE: state });
    await until('novasphere apply');

    finish();

    const { exitCode, out } = await ended;
    expect(exitCode).toBe(0);
    expect(out).toMatch(/ended {3}/);
  });

  it('ends when nobody reads what it writes any more', async () => {
    const { state, finish } = underWay();
    const { ended } = shell(`"$NODE" "$PROGRAM" status --follow | head -1; echo "\${PIPESTATUS[0]}"`, {
      NOVASPHERE_STATE: state,
    });
    setTimeout(finish, 1500);

    expect(await ended).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^novasphere apply.*\n0\n$/),
      err: '',
    });
  });
});

describe('a reader that goes away after one line', () => {
  const state = join(scratch(), 'state');
  const journal = stateDirectory(state).begin(Date.UTC(2026, 10, 21, 6, 0, 0), 'apply');
  for (const entry of sampleJournal()) journal.append(entry);
  const broken = join(scratch(), 'broken.yaml');
  writeFileSync(broken, Array.from({ length: 1_000 }, (_, index) => `unknown-${index}: 1`).join('\n'));

  it.for<[string, number]>([
    [`rehearse ${profile} --mishap power-cut@k3s`, 5],
    ['report', 0],
    ['report --output json', 0],
    [`validate ${profile}`, 0],
    [`validate ${broken}`, 3],
    ['schema', 0],
    ['inventory --output json', 0],
  ])('is no fault of %s, which ends with %i', async ([line, code]) => {
    const { ended } = shell(`"$NODE" "$PROGRAM" ${line} | head -1 >/dev/null; echo "\${PIPESTATUS[0]}"`, {
      NOVASPHERE_STATE: state,
    });

    const { out, err } = await ended;

    expect(out).toBe(`${code}\n`);
    expect(err).not.toMatch(/EPIPE|\bat .*\.[jt]s:\d+/);
  });
});

describe('an output that takes nothing', () => {
  it('is said, and is no success', async () => {
    const { exitCode, err } = await shell('"$NODE" "$PROGRAM" schema > /dev/full').ended;

    expect(exitCode).toBe(1);
    expect(err).toBe('the output could not be written: ENOSPC: no space left on device, write\n');
  });
});
