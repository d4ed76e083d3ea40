import { Fault } from './fault.ts';
import { redact } from './redact.ts';
import { formatSpan } from './span.ts';

/** How a command came to its end when it was not well. */
export type Ending =
  | { readonly kind: 'exit'; readonly exitCode: number }
  | { readonly kind: 'absent' }
  | { readonly kind: 'timeout'; readonly milliseconds: number }
  | { readonly kind: 'signal'; readonly signal: string };

const evidenceLines = 10;

/** HOST-COMMAND in the same words for every kind of host. */
export function commandFault(host: string, command: readonly string[], ending: Ending, output = ''): Fault {
  const asked = quote(command);
  const lines = redact(output)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  return new Fault({
    code: 'HOST-COMMAND',
    message: `“${redact(asked)}” ${describe(ending)}`,
    where: [`host ${host}`],
    evidence: lines.slice(-evidenceLines),
    remedy: [remedy(host, command, ending, redact(asked))],
  });
}

/** What the system said about a file, as a Fault in the user's nouns. `code` is errno's name. */
export function fileFault(host: string, doing: string, path: string, code: string | undefined, said: string): Fault {
  const about = { where: [`host ${host}`, `file ${path}`], cause: said };
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const remedy = [`df -h ${quote([path])}`, 'free some space there, then run the same command again'] as const;
    return new Fault({
      ...about,
      code: 'HOST-DISK-FULL',
      message: `cannot ${doing} ${path}: the disk is full`,
      remedy,
    });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    const why = code === 'EROFS' ? 'the file system is read-only' : 'this needs administrator rights';
    const remedy = code === 'EROFS' ? `findmnt -T ${quote([path])}` : 'run the same command again with sudo';
    return new Fault({
      ...about,
      code: 'HOST-PERMISSION',
      message: `cannot ${doing} ${path}: ${why}`,
      remedy: [remedy],
    });
  }
  const remedy = [`ls -ld ${quote([path])}`] as const;
  return new Fault({ ...about, code: 'HOST-FILE', message: `cannot ${doing} ${path}`, remedy });
}

/** Words as a shell would need them. */
export function quote(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}

function describe(ending: Ending): string {
  if (ending.kind === 'exit') return `failed with exit code ${ending.exitCode}`;
  if (ending.kind === 'absent') return 'cannot run: there is no such program';
  if (ending.kind === 'signal') return `was ended by ${ending.signal}`;
  return `had not ended after ${formatSpan(ending.milliseconds)} and was stopped`;
}

function remedy(host: string, command: readonly string[], ending: Ending, asked: string): string {
  if (ending.kind === 'absent') return `install the package on ${host} that brings ${command[0] ?? 'it'}`;
  return `${asked}          by hand on ${host}, to see all that it says`;
}
