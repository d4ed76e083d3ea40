import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Fault } from '#engine/fault';

/** Writes a file that was named on the command line; refuses to replace one unless that is wanted. */
export function writeOutput(file: string, text: string, options: { readonly replace: boolean }): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: options.replace ? 'w' : 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const taken = code === 'EEXIST';
    throw new Fault({
      code: code === 'ENOSPC' ? 'HOST-DISK-FULL' : 'HOST-FILE',
      message: taken ? `${file} is already there, and it is not replaced` : `${file} cannot be written`,
      ...(taken ? {} : { cause: message }),
      where: [file],
      remedy: taken ? ['--force  replaces it', '--out FILE  writes another one'] : [`ls -ld ${dirname(file)}`],
    });
  }
}
