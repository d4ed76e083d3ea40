import { stripVTControlCharacters } from 'node:util';

/** A text that came from elsewhere (a log, a guest's console) without what would steer the terminal. */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll('\t', '  ')
    .replaceAll(/[^\P{Cc}\n]/gu, '');
}
