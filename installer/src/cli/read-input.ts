import { readFileSync } from 'node:fs';
import type { Code } from '#engine/codes';
import { Fault } from '#engine/fault';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'this user may not read it',
  ENOTDIR: 'a part of the path is a file, not a directory',
};

/** The bytes of a file that was named on the command line. */
export function readInput(file: string, what: string, code: Code): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code: reason = '', message } = error as NodeJS.ErrnoException;
    throw new Fault({
      code,
      message: `the ${what} ${file} cannot be read`,
      cause: reasons[reason] ?? message,
      where: [file],
      remedy: [`ls -l ${file}`],
    });
  }
}
