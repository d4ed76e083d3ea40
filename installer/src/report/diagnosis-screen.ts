import type { Diagnosis, Root } from '#diagnosis/diagnose';
import { faultScreen } from './fault-screen.ts';
import { type Paint, paint } from './paint.ts';
import { count } from './said.ts';
import { wrap } from './wrap.ts';

export interface DiagnosisScreen {
  /** How long the look took. */
  readonly seconds: number;
  /** Default: no colours. */
  readonly paint?: Paint;
  /** Default: 80. */
  readonly columns?: number;
  readonly unicode?: boolean;
}

/** What is wrong in a cluster, cause by cause, or that nothing is, and what was looked at. */
export function diagnosisScreen(diagnosis: Diagnosis, screen: DiagnosisScreen): string {
  const { paint: colour = paint(false), columns = 80 } = screen;
  const wrong = diagnosis.roots.filter(({ isAdvice }) => !isAdvice);
  const head = wrap(
    `${verdict(wrong.length, diagnosis.unread.length === 0)}: ${lookedAt(diagnosis, screen.seconds)}`,
    columns,
  );
  const roots = diagnosis.roots.map((root) => rootScreen(root, screen));
  const unread = diagnosis.unread.flatMap((one) => wrap(`not looked at: ${one}`, columns));
  const text = [head.map((line) => colour.bold(line)).join('\n'), ...roots.map((one) => one.trimEnd())].join('\n\n');
  return `${unread.length === 0 ? text : `${text}\n\n${unread.join('\n')}`}\n`;
}

function verdict(roots: number, isWhole: boolean): string {
  if (roots === 0) return isWhole ? 'nothing is wrong' : 'nothing is wrong in what could be looked at';
  return roots === 1 ? '1 thing is wrong' : `${roots} things are wrong, each by itself`;
}

function lookedAt({ looked }: Diagnosis, seconds: number): string {
  const { nodes, pods, components } = looked;
  const all = [count(nodes, 'node'), count(pods, 'pod'), count(components.length, 'component')].join(', ');
  return `${all} looked at in ${seconds.toFixed(1)} s`;
}

function rootScreen({ title, isAdvice, fault, consequences }: Root, screen: DiagnosisScreen): string {
  const names = consequences.flat();
  const { columns = 80, paint: colour = paint(false) } = screen;
  const told = faultScreen(fault.record(), {
    ...screen,
    foldsEvidence: true,
    title: wrap(title, columns - 4).join('\n  '),
  });
  const text = isAdvice ? told.replace('✖', '!') : told;
  // The title names only as many as fit.
  if (!title.endsWith(' more')) return text;
  const rows = wrap(names.join(', '), columns - 11);
  const also = rows.map((row, index) => `  ${colour.dim((index === 0 ? 'also' : '').padEnd(9))}${row}`);
  return `${text}${also.join('\n')}\n`;
}

/** The same for scripts: every root with its whole fault and all that it has led to, by distance. */
export function diagnosisRecord({ looked, roots, unread }: Diagnosis): object {
  const told = roots.map(({ title, signature, isAdvice, fault, consequences }) => ({
    title,
    signature: signature ?? null,
    isAdvice,
    fault: fault.record(),
    consequences,
  }));
  return { isHealthy: roots.every(({ isAdvice }) => isAdvice), looked, roots: told, unread };
}
