import type { Mistake } from './mistake.ts';

/** Colours are the caller's business: what it paints is text without any. */
export type Paint = (part: 'place' | 'message' | 'source' | 'caret' | 'right' | 'warning', text: string) => string;

const plain: Paint = (_part, text) => text;
const width = 80;
const shownAtMost = 100;

/** The screen of `novasphere validate`: every mistake with its line, a caret, and what would be right. */
export function explainMistakes(mistakes: readonly Mistake[], file: string, paint: Paint = plain): string {
  const shown = mistakes.slice(0, shownAtMost).map((mistake) => explainMistake(mistake, file, paint));
  const more = mistakes.length - shown.length;
  const rest = more > 0 ? [`…and ${more} more`] : [];
  return [...shown, ...rest, summary(mistakes, file)].join('\n\n');
}

/** `plant-7.yaml has 2 mistakes`, with the warnings where there are any. */
export function summary(mistakes: readonly Mistake[], file: string): string {
  const wrong = mistakes.filter(({ severity }) => severity === 'mistake').length;
  const warned = mistakes.length - wrong;
  const parts = [
    ...(wrong > 0 || warned === 0 ? [count(wrong, 'mistake')] : []),
    ...(warned > 0 ? [count(warned, 'warning')] : []),
  ];
  return `${file} has ${parts.join(' and ')}`;
}

/** The same as plain data, for `--output json`. */
export function mistakeRecords(
  mistakes: readonly Mistake[],
  file: string,
): readonly (Mistake & { readonly file: string })[] {
  return mistakes.map((mistake) => ({ file, ...mistake }));
}

function count(number: number, noun: string): string {
  return `${number === 0 ? 'no' : number} ${noun}${number === 1 ? '' : 's'}`;
}

function explainMistake(mistake: Mistake, file: string, paint: Paint): string {
  const place = paint('place', `${file}:${mistake.line}:${mistake.column}`);
  const kind = mistake.severity === 'warning' ? ['  ', paint('warning', 'warning: ')] : ['  '];
  const path = mistake.path === '' ? '' : `  ${mistake.path}`;
  const message = fold(mistake.message, width - 2).map((line) => `  ${paint('message', line)}`);
  const right = fold(mistake.right, width - 9).map(
    (line, index) => `  ${index === 0 ? 'right: ' : '       '}${paint('right', line)}`,
  );
  const first = `${kind.join('')}${message[0]?.trimStart() ?? ''}`;
  return [`${place}${path}`, first, ...message.slice(1), ...excerpt(mistake, paint), ...right].join('\n');
}

/** The source line and a caret under the column, moved along when the line is longer than the screen. */
function excerpt(mistake: Mistake, paint: Paint): readonly string[] {
  const gutter = `${mistake.line}`.padStart(6);
  const room = width - gutter.length - 3;
  const text = mistake.source.replaceAll('\t', '→');
  const column = mistake.column - 1;
  const start = column > room - 12 ? column - Math.floor(room / 2) : 0;
  const before = `${start > 0 ? '…' : ''}${text.slice(start > 0 ? start + 1 : 0, column)}`;
  const line = clip(`${before}${text.slice(column)}`, room);
  const caret = `${' '.repeat(columns(before))}^`;
  return [`${gutter} │ ${paint('source', line)}`, `${' '.repeat(gutter.length)} │ ${paint('caret', caret)}`];
}

function clip(text: string, room: number): string {
  let used = 0;
  let line = '';
  for (const character of text) {
    used += columns(character);
    if (used > room - 1) return `${line}…`;
    line += character;
  }
  return line;
}

/** How many columns a terminal gives to a text: East Asian wide characters take two. */
function columns(text: string): number {
  const wide =
    /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Extended_Pictographic}/u;
  let sum = 0;
  for (const character of text) sum += wide.test(character) ? 2 : 1;
  return sum;
}

function fold(text: string, room: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
