import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { stateDirectory } from '#adapters/state-directory';
import { sampleFault, sampleJournal } from '../../../test/report/sample-journal.ts';
import { commands } from './commands.ts';
import { main } from './main.ts';

const root = join(import.meta.dirname, '../../..');
const scratch = mkdtempSync(join(tmpdir(), 'novasphere-cli-'));

/** Runs a command line without a terminal, as a pipe or CI does. */
async function novasphere(...words: readonly string[]) {
  const written = { out: '', err: '' };
  const sink = (key: 'out' | 'err') => ({
    isTTY: false,
    columns: 80,
    write: (text: string) => {
      written[key] += text;
    },
    on: () => undefined,
  });
  const exitCode = await main(words, {
    stdin: Object.assign(new PassThrough().end(), { isTTY: false }),
    stdout: sink('out'),
    stderr: sink('err'),
    environment: { NOVASPHERE_STATE: join(scratch, 'state'), LANG: 'C.UTF-8' },
  });
  return { exitCode, ...written };
}

function withRun(options: Parameters<typeof sampleJournal>[0] = {}): string {
  const state = stateDirectory(join(scratch, 'state'));
  const journal = state.begin(Date.UTC(2026, 10, 21, 6, 0, 0), 'apply');
  for (const entry of sampleJournal(options)) journal.append(entry);
  return journal.run;
}

describe('the command line', () => {
  it('shows every command that is meant to be seen', async () => {
    const { exitCode, out } = await novasphere('--help');

    expect(exitCode).toBe(0);
    for (const { name, hidden } of commands)
      expect(out.includes(`\n  ${name.split(' ')[0]} `), name).toBe(hidden !== true);
  });

  it.for(commands)('shows an example in the help of $name', async ({ name, examples }) => {
    const { exitCode, out } = await novasphere(...name.split(' '), '--help');

    expect(exitCode).toBe(0);
    expect(out).toContain(`  ${examples[0]}`);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('shows the commands of a group, and ends with 2 when none of them is given', async () => {
    const { exitCode, out } = await novasphere('bundle', '--help');
    const own = commands.map(({ name }) => name).filter((name) => name.startsWith('bundle '));

    expect(exitCode).toBe(0);
    for (const name of own) expect(out).toContain(`\n  ${name.split(' ')[1]} `);
    expect(await novasphere('bundle')).toMatchObject({ exitCode: 2 });
  });

  it('shows help and ends with 2 when no command is given', async () => {
    expect(await novasphere()).toMatchObject({ exitCode: 2 });
  });

  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

    expect(await novasphere('--version')).toEqual({ exitCode: 0, out: `${version}\n`, err: '' });
  });

  it('guesses what was meant by an unknown command', async () => {
    const { exitCode, err } = await novasphere('aply', 'x.yaml');

    expect(exitCode).toBe(2);
    expect(err).toMatchInlineSnapshot(`
      "✖ The command line is not understood
        unknown command 'aply'
        try      did you mean apply?
                 novasphere --help
      "
    `);
  });

  it('guesses what was meant by an unknown option', async () => {
    const { exitCode, err } = await novasphere('plan', 'x.yaml', '--bundel', 'y');

    expect(exitCode).toBe(2);
    expect(err).toMatchInlineSnapshot(`
      "✖ The command line is not understood
        unknown option '--bundel'
        try      did you mean --bundle?
                 novasphere plan --help
      "
    `);
  });

  it.for([
    [['validate']],
    [['rehearse', 'x.yaml', '--seed', '1.5']],
    [['status', '--output', 'xml']],
    [['completion', 'tcsh']],
  ])('ends with 2 when the words make no sense: %j', async ([words]) => {
    const { exitCode, out, err } = await novasphere(...(words as string[]));

    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toMatch(/^✖ The command line is not understood\n[\s\S]+ {2}try {6}novasphere/);
  });

  it('tells a fault to scripts on stdout and to people on stderr', async () => {
    const { exitCode, out, err } = await novasphere('validate', 'nowhere.yaml', '--output', 'json');

    expect(exitCode).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      event: 'fault',
      exitCode: 3,
      fault: { code: 'PROFILE-UNREADABLE' },
    });
    expect(err).toMatchInlineSnapshot(`
      "✖ The profile cannot be read
        the profile nowhere.yaml cannot be read
        because  there is no such file
        where    nowhere.yaml
        try      ls -l nowhere.yaml
      "
    `);
  });
});

describe('validate', () => {
  const broken = join(scratch, 'broken.yaml');
  writeFileSync(broken, 'apiVersion: novasphere.dev/v1alpha1\nkind: Profile\nmetadata: {nam: x}\n');

  it('ends with 3 and shows every mistake', async () => {
    const { exitCode, out } = await novasphere('validate', broken);

    expect(exitCode).toBe(3);
    expect(out).toContain('broken.yaml:3:12');
  });

  it('gives scripts every mistake with its place', async () => {
    const { out } = await novasphere('validate', broken, '--output', 'json');

    const { files } = JSON.parse(out) as { files: { valid: boolean; mistakes: { line: number; column: number }[] }[] };
    expect(files[0]?.valid).toBe(false);
    expect(files[0]?.mistakes).toContainEqual(expect.objectContaining({ line: 3, column: 12 }));
  });

  it('writes no word for people to stdout in JSON mode', async () => {
    const { out, err } = await novasphere('validate', broken, '--output', 'json');

    expect(out.trim().split('\n')).toHaveLength(1);
    expect(err).toContain('broken.yaml:3:12');
  });
});

describe('schema and completion', () => {
  it('prints the schema of the profile', async () => {
    const { exitCode, out } = await novasphere('schema');

    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ type: 'object', properties: { nodes: {} } });
  });
});

describe('report, status and explain', () => {
  it('say that no run has been recorded yet', async () => {
    for (const command of ['report', 'status', 'explain']) {
      const { exitCode, err } = await novasphere(command);

      expect(exitCode).toBe(2);
      expect(err).toContain('no run has been recorded on this machine yet');
    }
  });

  it('tell the last run, as text, as JSON and as a page', async () => {
    withRun();
    const html = join(scratch, 'report.html');

    expect((await novasphere('report')).out).toContain('Certificate: a VM booted on this machine');
    expect(JSON.parse((await novasphere('report', '--output', 'json')).out)).toMatchObject({ version: 1 });
    expect(await novasphere('report', '--html', html)).toMatchObject({ exitCode: 0, err: `written to ${html}\n` });
    expect(readFileSync(html, 'utf8')).toContain('<svg');
    expect((await novasphere('status')).out).toContain('phases    11 of 11 done');
  });

  it('follow a run that has ended to its end, without a terminal in plain lines', async () => {
    const { exitCode, out } = await novasphere('status', '--follow');

    expect(exitCode).toBe(0);
    expect(out.trimEnd().split('\n').at(-1)).toBe('  21:05    ended   done, 21 min 6 s, 25 steps changed something');
  });

  it('explain the root cause of the last run, one step, and no step that is not there', async () => {
    withRun({ fail: { step: 'kubevirt/cr', fault: sampleFault } });

    expect((await novasphere('explain')).out).toContain('root cause  the bundle of this site does not hold the image');
    expect((await novasphere('explain', 'k3s/unit')).out).toContain('Start k3s  (k3s/unit on plant-7-a)');
    expect(await novasphere('explain', 'k3s/unti')).toMatchObject({ exitCode: 2 });
  });
});

describe('init and match', () => {
  it('asks for a name when there is nobody to ask', async () => {
    const { exitCode, err } = await novasphere('init');

    expect(exitCode).toBe(2);
    expect(err).toContain('novasphere init --name plant-7');
  });

  it('writes a profile that validate likes, and never over another', async () => {
    const file = join(scratch, 'plant-9.yaml');

    expect(await novasphere('init', '--name', 'plant-9', '--out', file)).toMatchObject({ exitCode: 0 });
    expect(await novasphere('validate', file)).toMatchObject({ exitCode: 0 });
    expect((await novasphere('init', '--name', 'plant-9', '--out', file)).err).toContain(`${file} is already there`);
    expect(await novasphere('init', '--name', 'plant-9', '--out', file, '--force')).toMatchObject({ exitCode: 0 });
  });
});

describe('measure-fsync', () => {
  it('prints one line of JSON, which the preflight reads', async () => {
    const { exitCode, out } = await novasphere('measure-fsync', scratch, '--writes', '20');

    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ version: 1, writes: 20, p99Milliseconds: expect.any(Number) as number });
  });
});
