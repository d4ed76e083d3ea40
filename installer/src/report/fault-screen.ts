import { type Code, codes } from '#engine/codes';
import type { FaultRecord } from '#ports/journal';
import { toAscii } from './ascii.ts';
import { type Paint, paint } from './paint.ts';
import { printable } from './printable.ts';
import { wrap } from './wrap.ts';

export interface Screen {
  /** What was being done, as the first line says it. Default: the title of the code. */
  readonly title?: string;
  /** Default: no colours. */
  readonly paint?: Paint;
  /** Default: 80. */
  readonly columns?: number;
  /** False for terminals that only know ASCII. Default: true. */
  readonly unicode?: boolean;
  /** Evidence is broken at the width like everything else. Default: it is quoted as it is. */
  readonly foldsEvidence?: boolean;
}

const margin = 11;

/** A fault as a person meets it: what is wrong, because of what, where, what was seen, what to type next. */
export function faultScreen(fault: FaultRecord, screen: Screen = {}): string {
  const { title = titleOf(fault.code), paint: colour = paint(false), columns = 80, unicode = true } = screen;
  const written = (text: string) => (unicode ? printable(text) : toAscii(printable(text)));
  const across = Math.max(40, columns);
  const wrapped = (texts: readonly string[]) => texts.flatMap((text) => wrap(written(text), across - margin));
  const lines = [
    colour.red(colour.bold(written(`✖ ${title}`))),
    ...wrap(written(fault.message), across - 2).map((line) => `  ${line}`),
    ...labelled('because', wrapped(fault.because), colour),
    ...labelled('where', wrapped(joined(fault.where)), colour),
    // Evidence is quoted as it is, and what is to be typed stays on one line, to be copied.
    ...labelled('seen', screen.foldsEvidence ? wrapped(fault.evidence) : fault.evidence.map(written), colour),
    ...labelled(
      'try',
      fault.remedy.map(written).flatMap((text) => remedyLines(text, across - margin)),
      colour,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** The title of a code; the code itself when a newer version wrote it. */
export function titleOf(code: string): string {
  return Object.hasOwn(codes, code) ? codes[code as Code].title : code;
}

/** Signs of something to type: an option, a path, a pipe. */
const typed = /^(novasphere|kubectl|virtctl) |(^|\s)(-|\/|\.\/)\S|\|/;

/** A remedy that is too long: first what is to be typed, then below it what that does; plain sentences are wrapped. */
function remedyLines(text: string, columns: number): readonly string[] {
  if (text.length <= columns) return [text];
  const [first = '', ...rest] = text.split(/\s{2,}/);
  if (rest.length > 0) return [first, ...wrap(rest.join('  '), columns - 2).map((line) => `  ${line}`)];
  return typed.test(text) ? [text] : wrap(text, columns);
}

function joined(places: readonly string[]): readonly string[] {
  return places.length === 0 ? [] : [places.join(', ')];
}

function labelled(label: string, texts: readonly string[], colour: Paint): readonly string[] {
  const lines = texts.flatMap((text) => text.split('\n'));
  return lines.map((line, index) => `  ${colour.dim((index === 0 ? label : '').padEnd(margin - 2))}${line}`.trimEnd());
}
