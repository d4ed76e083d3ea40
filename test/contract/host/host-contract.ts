import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Fault } from '#engine/fault';
import type { Host } from '#ports/host';
import type { Question } from '#ports/question';

/** A host with a directory of its own that is empty, and a file of the real disk that may be placed. */
export interface Ground {
  readonly host: Host;
  readonly directory: string;
  readonly source: { readonly path: string; readonly text: string };
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const error = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof Fault)) throw new Error(`expected a Fault, got ${String(error)}`);
  return error;
}

/** What every host promises to steps, whether it is real or simulated. */
export function hostContract(name: string, ground: () => Promise<Ground>): void {
  describe(`${name} keeps the contract of a host`, () => {
    filesAreSeen(ground);
    filesAreReplaced(ground);
    leftoversGo(ground);
    writesAreRefused(ground);
    commandsAreAsked(ground);
    commandsAreRun(ground);
  });
}

function filesAreSeen(ground: () => Promise<Ground>): void {
  it('has nothing to tell of what is not there', async () => {
    const { host, directory } = await ground();
    const absent = `${directory}/absent`;

    expect(await host.read(absent)).toBeUndefined();
    expect(await host.list(absent)).toEqual([]);
    expect(await host.look(absent)).toBeUndefined();
    expect(await host.digest(absent)).toBeUndefined();
  });

  it('has nothing to tell of a path that leads through a file', async () => {
    const { host, directory } = await ground();
    await host.write(`${directory}/file`, 'x');

    expect(await host.read(`${directory}/file/below`)).toBeUndefined();
    expect(await host.look(`${directory}/file/below`)).toBeUndefined();
    expect(await host.list(`${directory}/file/below`)).toEqual([]);
  });

  it('lists the names in a directory in order', async () => {
    const { host, directory } = await ground();
    for (const name of ['b', 'a', 'C', 'a.d/x']) await host.write(`${directory}/${name}`, '');

    expect(await host.list(directory)).toEqual(['C', 'a', 'a.d', 'b']);
  });

  it('tells kind, mode and size in bytes', async () => {
    const { host, directory } = await ground();
    await host.write(`${directory}/d/f`, 'žluť', 0o600);

    expect(await host.look(`${directory}/d/f`)).toEqual({ kind: 'file', mode: 0o600, size: 6 });
    expect(await host.look(`${directory}/d`)).toMatchObject({ kind: 'directory', mode: 0o755 });
    expect(await host.look('/dev/null')).toMatchObject({ kind: 'device' });
  });

  it('digests content', async () => {
    const { host, directory } = await ground();
    await host.write(`${directory}/f`, 'abc\n');

    expect(await host.digest(`${directory}/f`)).toBe(sha256('abc\n'));
  });
}

function filesAreReplaced(ground: () => Promise<Ground>): void {
  it('writes a file with its parents, readable for all unless told otherwise', async () => {
    const { host, directory } = await ground();

    await host.write(`${directory}/a/b/c.conf`, 'one\n');

    expect(await host.read(`${directory}/a/b/c.conf`)).toBe('one\n');
    expect(await host.look(`${directory}/a/b/c.conf`)).toMatchObject({ mode: 0o644 });
  });

  it('replaces content and mode and leaves nothing else behind', async () => {
    const { host, directory } = await ground();
    await host.write(`${directory}/secret`, 'long and old\n', 0o644);

    await host.write(`${directory}/secret`, 'new\n', 0o600);

    expect(await host.read(`${directory}/secret`)).toBe('new\n');
    expect(await host.look(`${directory}/secret`)).toMatchObject({ mode: 0o600 });
    expect(await host.list(directory)).toEqual(['secret']);
  });

  it('places a file with its content and mode', async () => {
    const { host, directory, source } = await ground();

    await host.place(source.path, `${directory}/bin/tool`, 0o755);

    expect(await host.digest(`${directory}/bin/tool`)).toBe(sha256(source.text));
    expect(await host.read(`${directory}/bin/tool`)).toBe(source.text);
    expect(await host.look(`${directory}/bin/tool`)).toMatchObject({ mode: 0o755, size: source.text.length });
    expect(await host.list(`${directory}/bin`)).toEqual(['tool']);
  });

  it('removes a file, and what is not there', async () => {
    const { host, directory } = await ground();
    await host.write(`${directory}/f`, '');

    await host.remove(`${directory}/f`);
    await host.remove(`${directory}/f`);

    expect(await host.look(`${directory}/f`)).toBeUndefined();
  });
}

function leftoversGo(ground: () => Promise<Ground>): void {
  it('clears away what a power cut has left beside a file', async () => {
    const { host, directory } = await ground();
    await host.write(`${directory}/.f.novasphere-new`, 'half');
    await host.write(`${directory}/.g.novasphere-new`, 'half');

    await host.write(`${directory}/f`, 'whole');
    await host.remove(`${directory}/g`);

    expect(await host.list(directory)).toEqual(['f']);
  });
}

function writesAreRefused(ground: () => Promise<Ground>): void {
  it('names the file that cannot be written because a directory is there', async () => {
    const { host, directory } = await ground();
    await host.write(`${directory}/d/f`, '');

    const fault = await faultOf(host.write(`${directory}/d`, 'x'));

    expect(fault.record()).toEqual({
      code: 'HOST-FILE',
      message: `cannot write ${directory}/d`,
      because: [
        `EISDIR: illegal operation on a directory, rename '${directory}/.d.novasphere-new' -> '${directory}/d'`,
      ],
      where: [`host ${host.name}`, `file ${directory}/d`],
      evidence: [],
      remedy: [`ls -ld ${directory}/d`],
    });
  });

  it('does not write below a file', async () => {
    const { host, directory } = await ground();
    await host.write(`${directory}/f`, 'x');

    const fault = await faultOf(host.write(`${directory}/f/below/it`, 'y'));

    expect(fault.code).toBe('HOST-FILE');
    expect(await host.read(`${directory}/f`)).toBe('x');
  });

  it('does not place what is not there', async () => {
    const { host, directory } = await ground();

    const fault = await faultOf(host.place('/no/such/source', `${directory}/f`));

    expect(fault.code).toBe('HOST-FILE');
    expect(await host.list(directory)).toEqual([]);
  });
}

function commandsAreAsked(ground: () => Promise<Ground>): void {
  it('answers without the final newline', async () => {
    const { host } = await ground();

    expect(await host.ask(['stat', '-c', '%n', '/proc'])).toEqual({ exitCode: 0, stdout: '/proc', stderr: '' });
  });

  it('takes a failing question for an answer', async () => {
    const { host, directory } = await ground();

    const answer = await host.ask(['stat', '-c', '%n', `${directory}/absent`]);

    const stderr = `stat: cannot statx '${directory}/absent': No such file or directory`;
    expect(answer).toEqual({ exitCode: 1, stdout: '', stderr });
  });

  it('answers 127 for a program that is not there', async () => {
    const { host } = await ground();

    expect(await host.ask(['k3s', '--version'])).toEqual({ exitCode: 127, stdout: '', stderr: '' });
  });

  it('refuses to ask what could change something', async () => {
    const { host, directory } = await ground();

    await expect(host.ask(['mkdir', '-p', `${directory}/x`] as unknown as Question)).rejects.toThrow(
      'not a read-only command: mkdir,-p',
    );
    expect(await host.list(directory)).toEqual([]);
  });
}

function commandsAreRun(ground: () => Promise<Ground>): void {
  it('runs a command and gives what it said', async () => {
    const { host, directory } = await ground();

    const said = await host.run(['mkdir', '-p', `${directory}/with blank`]);

    expect(said).toBe('');
    expect(await host.look(`${directory}/with blank`)).toMatchObject({ kind: 'directory' });
  });

  it('makes a fault of a command that fails, with its last words', async () => {
    const { host, directory } = await ground();

    const fault = await faultOf(host.run(['chown', 'root', `${directory}/not here`]));

    expect(fault.record()).toEqual({
      code: 'HOST-COMMAND',
      message: `“chown root '${directory}/not here'” failed with exit code 1`,
      because: [],
      where: [`host ${host.name}`],
      evidence: [`chown: cannot access '${directory}/not here': No such file or directory`],
      remedy: [`chown root '${directory}/not here'          by hand on ${host.name}, to see all that it says`],
    });
  });
}
