import { describe, expect, it } from 'vitest';
import { runProgram } from './local-program.ts';

describe('a program of this machine', () => {
  it('answers exactly what it wrote, with its final newline, and with its exit code', async () => {
    expect(await runProgram(['sh', '-c', 'printf "one\\n\\n"; printf two >&2; exit 3'])).toEqual({
      exitCode: 3,
      stdout: 'one\n\n',
      stderr: 'two',
    });
  });

  it('speaks English, reads what it is given, and is told secrets by its environment', async () => {
    const { stdout } = await runProgram(['sh', '-c', 'cat; echo $LC_ALL $TOKEN'], {
      input: 'given ',
      env: { TOKEN: 'hush' },
    });

    expect(stdout).toBe('given C hush\n');
  });

  it('tells each line as it comes', async () => {
    const lines: string[] = [];

    await runProgram(['sh', '-c', 'echo one; echo two >&2'], { line: (text) => lines.push(text) });

    expect(lines.toSorted()).toEqual(['one', 'two']);
  });

  it('that is not installed is named with the package that brings it', async () => {
    const absent = runProgram(['novasphere-no-such-program']);

    await expect(absent).rejects.toMatchObject({
      code: 'PROGRAM-MISSING',
      message: 'novasphere-no-such-program is not installed on this machine',
      remedy: ['install novasphere-no-such-program'],
    });
    await expect(runProgram(['skopeo'], { env: { PATH: '/nowhere' } })).rejects.toMatchObject({
      code: 'PROGRAM-MISSING',
      remedy: ['apt-get install -y skopeo'],
    });
  });

  it('ends with its children when the run is interrupted', async () => {
    const stop = new AbortController();
    const running = runProgram(['sh', '-c', 'echo up; sleep 60 & wait'], {
      signal: stop.signal,
      line: () => stop.abort(),
    });

    await expect(running).rejects.toMatchObject({ code: 'RUN-INTERRUPTED' });
  });

  it('that takes longer than it may is ended, and that is said', async () => {
    const { exitCode, stderr } = await runProgram(['sleep', '60'], { timeout: 50 });

    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('sleep did not end within 50 ms');
  });
});
