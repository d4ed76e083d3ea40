import { bytes, diskFull, type Space, tellsFullDisk } from './disk-full.ts';
import { Fault } from './fault.ts';
import { quote } from './quote.ts';
import { redact } from './redact.ts';
import { formatSpan } from './span.ts';

export { quote } from './quote.ts';

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
  const evidence = lines.slice(-evidenceLines);
  const doing = `“${redact(asked)}” ${describe(ending)}`;
  if (tellsFullDisk(output)) return diskFull({ host, doing, path: undefined, said: undefined, evidence });
  return new Fault({
    code: 'HOST-COMMAND',
    message: doing,
    where: [`host ${host}`],
    evidence,
    remedy: [remedy(host, command, ending, redact(asked))],
  });
}

export interface FileTrouble {
  readonly host: string;
  /** `write`, `remove`, `read`, … */
  readonly doing: string;
  readonly path: string;
  /** errno's name. */
  readonly code: string | undefined;
  readonly said: string;
  /** Bytes that were to be written. */
  readonly size?: number | undefined;
  /** How full the filesystem is, where somebody looked. */
  readonly space?: Space | undefined;
}

/** What the system said about a file, as a Fault in the user's nouns. */
export function fileFault({ host, doing, path, code, said, size, space }: FileTrouble): Fault {
  const about = { where: [`host ${host}`, `file ${path}`], cause: said };
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const what = `cannot ${doing} ${path}${size === undefined ? '' : ` (${bytes(size)})`}`;
    return diskFull({ host, doing: what, path, said, space });
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
