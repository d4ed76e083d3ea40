import { Fault } from '#engine/fault';
import type { RunProgram } from '#ports/program';

/** Which Debian package brings a program that a bundle is made with. */
const packages: Readonly<Record<string, string>> = {
  'apt-cache': 'apt',
  'apt-get': 'apt',
  'dpkg-deb': 'dpkg',
  skopeo: 'skopeo',
  tar: 'tar',
  xorriso: 'xorriso',
  xz: 'xz-utils',
  zstd: 'zstd',
};

/** Starts a program of this machine, with all its children, in English; see the port for what it promises. */
export const runProgram: RunProgram = async (command, { input, timeout, env = {}, signal, line } = {}) => {
  const { execa } = await import('execa');
  const [program, ...words] = command;
  const running = execa(program, words, {
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
    env: { LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive', ...env },
    all: line !== undefined,
    reject: false,
    preferLocal: false,
    killDescendants: true,
    forceKillAfterDelay: 5000,
    // Digests are computed over what a program says.
    stripFinalNewline: false,
  });
  if (line !== undefined) for await (const text of running.iterable({ from: 'all' })) line(text);
  const result = await running;
  if (signal?.aborted === true) throw interrupted(program);
  if (result.code === 'ENOENT') throw absent(program);
  if (result.exitCode === undefined && result.signal === undefined && !result.timedOut) throw result;
  const said = result.timedOut ? `${result.stderr}\n${program} did not end within ${timeout} ms` : result.stderr;
  return { exitCode: result.exitCode ?? 1, stdout: result.stdout, stderr: said };
};

function interrupted(program: string): Fault {
  return new Fault({
    code: 'RUN-INTERRUPTED',
    message: `${program} was ended because the run was interrupted`,
    remedy: ['the same command again goes on where this one stopped'],
  });
}

function absent(program: string): Fault {
  const brings = packages[program];
  return new Fault({
    code: 'PROGRAM-MISSING',
    message: `${program} is not installed on this machine`,
    remedy: [brings === undefined ? `install ${program}` : `apt-get install -y ${brings}`],
  });
}
