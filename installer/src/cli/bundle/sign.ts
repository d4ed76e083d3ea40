import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { passwordFrom } from '#bundle/signature/password';
import { openSecretKey } from '#bundle/signature/secret-key';
import { signIndex } from '#bundle/signature/sign-index';
import { Fault } from '#engine/fault';
import type { Call } from '../call.ts';

/** `novasphere bundle sign DIR --key FILE`: signs the index, and with it every file that it names. */
export async function bundleSign({ words, options, terminal }: Call): Promise<number> {
  const place = resolve(words[0] as string);
  const file = options.text('key');
  if (file === undefined) throw withoutKey(place);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  const key = await openSecretKey(text, `file ${file}`, async () => {
    const from = options.text('passwordFile');
    return from === undefined ? terminal.askSecret(`Password of ${file}: `) : passwordFrom(from);
  });
  const signed = await signIndex(place, key, options.text('comment'));
  terminal.print(`${signed.file}: signed with key ${signed.keyId}\n  ${signed.comment}\n`);
  terminal.json({ version: 1, ...signed });
  return 0;
}

function withoutKey(place: string): Fault {
  return new Fault({
    code: 'USAGE',
    message: 'there is nothing to sign with',
    cause: 'no --key was given',
    remedy: [`novasphere bundle sign ${place} --key FILE`, 'novasphere bundle keys NAME          makes a pair of keys'],
  });
}

function unreadable(file: string, cause: unknown): Fault {
  return new Fault({
    code: 'KEY-INVALID',
    message: `the key ${file} cannot be read`,
    cause,
    remedy: [`ls -l ${file}`],
  });
}
