import { type Paint, paint } from './paint.ts';
import { wrap } from './wrap.ts';

export interface RemainingRow {
  readonly what: string;
  readonly where: readonly string[];
  /** In words, such as `20 GiB`. */
  readonly size?: string;
}

export interface RemainingScreen {
  readonly columns?: number;
  readonly paint?: Paint;
  /** How to get back what was kept; empty when nothing was. */
  readonly ways?: readonly string[];
}

/** What is still on a machine, each with its places. */
export function remainingScreen(rows: readonly RemainingRow[], screen: RemainingScreen = {}): string {
  const { columns = 80, paint: colour = paint(false), ways = [] } = screen;
  if (rows.length === 0) return '';
  const shown = rows.flatMap(({ what, where, size }) => [
    `  ${what}${size === undefined ? '' : ` (${size})`}`,
    ...wrap(where.join(', '), columns - 6).map((line) => colour.dim(`      ${line}`)),
  ]);
  const back = ways.length === 0 ? [] : ['', colour.bold('How to get it back'), ...ways.map((line) => `  ${line}`)];
  return [colour.bold('What stays on this machine'), ...shown, ...back, ''].join('\n');
}
