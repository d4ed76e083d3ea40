import type { Change } from '#engine/step';

const shown = 3;
const width = 72;

/** A file's change in few words: how many lines, and the first of those that come and go. Never the whole file. */
export function textChange(path: string, from: string | undefined, to: string | undefined): Change {
  if (to === undefined) return { what: path, from: counted(from ?? ''), to: 'absent' };
  if (from === undefined) return { what: path, from: 'absent', to: counted(to) };
  const [before, after] = [lines(from), lines(to)];
  const gone = before.filter((line) => !after.includes(line));
  const come = after.filter((line) => !before.includes(line));
  if (gone.length + come.length === 0) return { what: path, from: 'other comments, or another order', to: counted(to) };
  return { what: path, from: told('−', gone), to: told('+', come) };
}

function told(sign: string, some: readonly string[]): string {
  if (some.length === 0) return sign === '+' ? 'without them' : 'without new lines';
  const first = some.slice(0, shown).map((line) => `${sign} ${cut(line.trim())}`);
  const rest = some.length - first.length;
  return [...first, ...(rest > 0 ? [`${sign} ${rest} more`] : [])].join(', ');
}

function counted(text: string): string {
  const { length } = lines(text);
  if (length === 0) return 'comments only';
  return length === 1 ? '1 line' : `${length} lines`;
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
}

function cut(text: string): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
