import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '#engine/fault';
import { signatureName } from '../index/index-file.ts';

/** The signature file of a bundle; undefined when it has none. */
export async function readSignature(place: string): Promise<Buffer | undefined> {
  return readFile(join(place, signatureName)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new Fault({
      code: 'BUNDLE-UNREADABLE',
      message: `the signature of the bundle cannot be read`,
      cause: error,
      where: [`file ${join(place, signatureName)}`],
      remedy: [`ls -l ${join(place, signatureName)}  shows who may read it`, 'copy the bundle again'],
    });
  });
}
