const prefix = 'untrusted comment:';

/** `533098BF86C9A709`: a key's number as minisign prints it, last byte first. */
export function keyIdOf(number: Uint8Array): string {
  return Buffer.from(number).readBigUInt64LE().toString(16).toUpperCase();
}

/** The bytes of a line in base64, `length` of them; undefined for anything else, and for a second way to spell them. */
export function decoded(line: string, length: number): Buffer | undefined {
  const bytes = Buffer.from(line, 'base64');
  return bytes.length === length && bytes.toString('base64') === line ? bytes : undefined;
}

/** The lines of a file without what ends them; nothing may follow the last. */
export function linesOf(text: string): readonly string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}

/** The one line of a key file: behind its comment, or alone as people pass keys on. Undefined when there are others. */
export function keyLine(text: string): string | undefined {
  const lines = linesOf(text.trim());
  const [first = '', second] = lines;
  if (lines.length === 1) return first;
  return lines.length === 2 && first.startsWith(prefix) ? second : undefined;
}

/** A file of minisign: a comment that nobody vouches for, and lines. */
export function textOf(comment: string, ...lines: readonly string[]): string {
  return `${[`${prefix} ${comment}`, ...lines].join('\n')}\n`;
}
