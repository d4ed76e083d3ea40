import type { Ending } from '#engine/host-fault';
import type { Answer } from '#ports/host';

interface Ended {
  readonly answer: Answer;
  /** Undefined when the command ended well. */
  readonly ending?: Ending;
}

/** Runs one program to its end, with all its children, in English and without asking anybody anything. */
export async function runCommand(
  command: readonly string[],
  { input, timeout }: { readonly input?: string; readonly timeout: number },
): Promise<Ended> {
  // Loaded when first needed: it costs 46 ms, and `novasphere --help` runs no command.
  const { execa } = await import('execa');
  const [program = '', ...words] = command;
  const result = await execa(program, words, {
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    env: { LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
    timeout,
    reject: false,
    preferLocal: false,
    killDescendants: true,
    forceKillAfterDelay: 5000,
    stripFinalNewline: true,
  });
  const answer = { exitCode: result.exitCode ?? 1, stdout: result.stdout, stderr: result.stderr };
  if (!result.failed) return { answer };
  if (result.code === 'ENOENT') return { answer, ending: { kind: 'absent' } };
  if (result.timedOut) return { answer, ending: { kind: 'timeout', milliseconds: timeout } };
  if (result.signal !== undefined) return { answer, ending: { kind: 'signal', signal: result.signal } };
  if (result.exitCode === undefined) throw result;
  return { answer, ending: { kind: 'exit', exitCode: result.exitCode } };
}
