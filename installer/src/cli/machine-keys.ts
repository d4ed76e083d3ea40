import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '#engine/fault';

/** Where the keys of those lie whose bundles this machine takes, whatever a profile says: files of minisign, `*.pub`. */
export const keyFolder = '/etc/novasphere/keys';

/** The public keys in a folder, as base64; none where there is no folder. A Fault KEY-INVALID for a file that is no key. */
export async function machineKeys(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw unreadable(folder, error);
  });
  const files = names.filter((name) => name.endsWith('.pub')).sort();
  return Promise.all(files.map((name) => keyIn(join(folder, name))));
}

async function keyIn(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw unreadable(file, error);
  });
  const [{ keyLine }, { parsePublicKey }] = await Promise.all([
    import('#bundle/signature/minisign-text'),
    import('#bundle/signature/public-key'),
  ]);
  parsePublicKey(text, `file ${file}`);
  return keyLine(text) ?? '';
}

function unreadable(place: string, cause: unknown): Fault {
  return new Fault({
    code: 'KEY-INVALID',
    message: 'a public key that this machine trusts cannot be read',
    cause,
    where: [`file ${place}`],
    remedy: [`ls -l ${keyFolder}          every file *.pub there must be readable`],
  });
}
