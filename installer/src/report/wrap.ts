/**
 * Breaks a text at its spaces so that no line is longer than `columns`; a word that is longer stays whole, because
 * paths and references must be copyable. Line breaks of the text are kept.
 */
export function wrap(text: string, columns: number): readonly string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, columns));
}

function wrapLine(line: string, columns: number): readonly string[] {
  if (lengthOf(line) <= columns) return [line];
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (current !== '' && lengthOf(longer) > columns) {
      lines.push(current);
      current = word;
    } else current = longer;
  }
  return [...lines, current];
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
