import { bytes } from '#engine/disk-full';
import { formatSpan } from '#engine/span';
import type { ProgressState } from './progress.ts';

export interface LineOptions {
  readonly columns: number;
  readonly unicode: boolean;
}

/** One line for a terminal that is written again and again; never as wide as the terminal, which would break it. */
export function liveLine(state: ProgressState, { columns, unicode }: LineOptions): string {
  const words = figures(state).join('  ');
  const room = columns - 1;
  const width = Math.min(24, room - words.length - 24);
  const bar = width < 8 || state.total === 0 ? '' : `${barOf(state, width, unicode)}  `;
  const names = state.waits ?? state.underWay.join(', ');
  return cut(`${bar}${words}${names === '' ? '' : `  ${names}`}`, room, unicode ? '…' : '...');
}

/** One line for a serial console or a log. */
export function plainLine(state: ProgressState): string {
  const { jobs, done, failed, underWay, waits, here } = state;
  const [first, ...others] = underWay;
  const faults = failed === 0 ? '' : `, ${failed} failed`;
  if (first === undefined) return `${done} of ${jobs} are here, ${size(here)}${faults}`;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `${figures(state).join(', ')}${faults}: ${waits ?? `${first}${more}`}`;
}

function figures({ here, total, rate, left }: ProgressState): readonly string[] {
  return [
    ...(total === 0 ? [size(here)] : [`${Math.floor((100 * here) / total)} %`, amount(here, total)]),
    ...(rate === undefined ? [] : [`${size(rate)}/s`]),
    ...(left === undefined ? [] : [`${formatSpan(Math.max(1000, left))} left`]),
  ];
}

function barOf({ here, total }: ProgressState, width: number, unicode: boolean): string {
  const filled = Math.floor((width * here) / total);
  const [full, empty] = unicode ? ['█', '░'] : ['#', '-'];
  return `${full.repeat(filled)}${empty.repeat(width - filled)}`;
}

/** `1.2 of 3.4 GiB`: both in the unit of the whole. */
function amount(here: number, total: number): string {
  const [value = '', unit = ''] = size(total).split(' ');
  const factor = total / Number(bytes(total).split(' ')[0]);
  return `${rounded(here / factor)} of ${value} ${unit}`;
}

/** `38 MiB`, `3.4 GiB`: two digits that say something are enough. */
function size(count: number): string {
  const [value, unit] = bytes(Math.round(count)).split(' ');
  return `${rounded(Number(value))} ${unit}`;
}

function rounded(value: number): string {
  return value >= 10 || value === 0 ? value.toFixed(0) : value.toFixed(1).replace(/\.0$/, '');
}

function cut(line: string, room: number, end: string): string {
  return line.length <= room ? line : `${line.slice(0, Math.max(0, room - end.length))}${end}`.slice(0, room);
}
