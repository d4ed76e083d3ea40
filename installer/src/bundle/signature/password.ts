import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import type { Readable } from 'node:stream';
import { keyFault } from './key-fault.ts';

/** The first line of a file, or of `input` for `-`. Passwords never come as arguments: every process could read them. */
export async function passwordFrom(file: string, input: Readable = process.stdin): Promise<string> {
  const place = file === '-' ? 'standard input' : `file ${file}`;
  const text = file === '-' ? await firstLine(input) : await readPassword(file, place);
  const [password = ''] = text.split(/\r?\n/, 1);
  if (password !== '') return password;
  throw keyFault('there is no password in the first line', place, ['write the password into the first line']);
}

async function firstLine(input: Readable): Promise<string> {
  for await (const line of createInterface({ input })) return line;
  return '';
}

async function readPassword(file: string, place: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw keyFault('the password of the key cannot be read', place, [`ls -l ${file}  shows who may read it`], error);
  });
}
