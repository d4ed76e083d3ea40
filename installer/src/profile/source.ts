import { formatPath, type Mistake, type Path } from './mistake.ts';

export interface Spot {
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
}

/** The text of a file with its lines, so that an offset becomes a place that an editor can go to. */
export interface Source {
  readonly file: string;
  readonly text: string;
  spot(offset: number): Spot;
  mistake(offset: number, path: Path, message: string, right: string): Mistake;
}

export function sourceOf(file: string, text: string): Source {
  const starts = lineStarts(text);
  const spot = (offset: number): Spot => {
    const line = lineAt(starts, offset);
    return { line: line + 1, column: Math.min(offset, text.length) - (starts[line] ?? 0) + 1 };
  };
  const lineText = (line: number): string =>
    text.slice(starts[line - 1] ?? text.length, starts[line] ?? text.length).replace(/[\r\n]+$/, '');
  const mistake = (offset: number, path: Path, message: string, right: string): Mistake => {
    const { line, column } = spot(offset);
    return { severity: 'mistake', line, column, path: formatPath(path), message, right, source: lineText(line) };
  };
  return { file, text, spot, mistake };
}

function lineStarts(text: string): readonly number[] {
  return [0, ...Array.from(text.matchAll(/\r\n|\r|\n/g), (end) => end.index + end[0].length)];
}

/** The last line that starts at or before the offset. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
