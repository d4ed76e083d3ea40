const replacements: Readonly<Record<string, string>> = {
  '✖': 'x',
  '✔': '+',
  '▸': '>',
  '▪': '-',
  '●': '*',
  '↻': '@',
  '⚠': '!',
  '›': '>',
  '‹': '<',
  '“': '"',
  '”': '"',
  '‘': "'",
  '’': "'",
  '…': '...',
  '→': '->',
  '≥': '>=',
  '≤': '<=',
  '–': '-',
  '—': '-',
  '·': '-',
  '×': 'x',
  '│': '|',
  '└': '`',
  '├': '+',
  '─': '-',
  '\u00A0': ' ',
};

/** The same text for terminals that only know ASCII; what has no likeness becomes `?`. */
export function toAscii(text: string): string {
  return text.replaceAll(/\P{ASCII}/gu, (one) => replacements[one] ?? '?');
}

/** Whether a terminal shows more than ASCII, by its locale and, where none is set, by what kind of terminal it is. */
export function knowsUnicode(environment: Readonly<Record<string, string | undefined>>): boolean {
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG;
  if (locale) return /utf-?8/i.test(locale);
  return !/^(dumb|unknown|linux|ansi|vt\d+.*)$/.test(environment.TERM ?? '');
}
