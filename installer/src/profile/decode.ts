import type { Mistake } from './mistake.ts';
import { type Source, sourceOf } from './source.ts';

const limit = 2 ** 20;
const utf8 = 'save the file as UTF-8 text';

/** The text of a profile, or the one mistake because of which it is none. A byte order mark is left out. */
export function decode(input: string | Uint8Array, file: string): { source: Source; mistake?: Mistake } {
  const bytes = typeof input === 'string' ? new TextEncoder().encode(input) : input;
  if (bytes.length > limit) return tooLarge(file, bytes.length);
  const text = typeof input === 'string' ? input.replace(/^\uFEFF/, '') : textOf(bytes);
  if (text === undefined) return notUtf8(file, bytes);
  const source = sourceOf(file, text);
  const bad = text.search(/(?![\t\n\r\u0085])\p{Cc}|[\uFEFF\uFFFE\uFFFF]|\p{Surrogate}/u);
  return bad === -1 ? { source } : { source, mistake: invisible(source, bad) };
}

function tooLarge(file: string, size: number): { source: Source; mistake: Mistake } {
  const source = sourceOf(file, '');
  const message = `the file has ${(size / limit).toFixed(1)} MiB; a profile has at most 1 MiB`;
  return { source, mistake: source.mistake(0, [], message, 'give the profile itself, not an image or a log') };
}

function invisible(source: Source, offset: number): Mistake {
  const code = (source.text.codePointAt(offset) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const nul = code === '0000' ? ' (a binary file, or UTF-16 text?)' : '';
  return source.mistake(offset, [], `the invisible character U+${code} stands here${nul}`, 'remove it');
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function notUtf8(file: string, bytes: Uint8Array): { source: Source; mistake: Mistake } {
  const good = longestText(bytes);
  const end = bytes.indexOf(0x0a, good.bytes);
  const rest = bytes.subarray(good.bytes, end === -1 ? undefined : end);
  const source = sourceOf(file, good.text + new TextDecoder().decode(rest));
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const byte = `0x${(bytes[good.bytes] ?? 0).toString(16).toUpperCase()}`;
  const message = isUtf16 ? 'the file is UTF-16 text' : `the byte ${byte} is not UTF-8 text`;
  return { source, mistake: source.mistake(good.text.length, [], message, utf8) };
}

/** As much from the start as is UTF-8, by halving. */
function longestText(bytes: Uint8Array): { text: string; bytes: number } {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (isPrefix(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, low), { stream: true });
  return { text, bytes: low - pending(bytes, low) };
}

/** A character may be cut off at the end; that alone is not wrong. */
function isPrefix(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** How many bytes at the end belong to a character that never ended. */
function pending(bytes: Uint8Array, end: number): number {
  for (let back = 1; back <= Math.min(3, end); back += 1) {
    const byte = bytes[end - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return textOf(bytes.subarray(end - back, end)) === undefined ? back : 0;
  }
  return 0;
}
