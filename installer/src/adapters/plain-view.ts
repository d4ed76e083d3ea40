import type { Entry, View } from '#ports/journal';
import type { History } from '#report/history';
import { type Paint, paint } from '#report/paint';
import { count, stopwatch } from '#report/said';
import { wrap } from '#report/wrap';
import { type PlainContext, type PlainLine, plainLines } from './plain-view-lines.ts';

export interface ViewOptions {
  readonly write: (text: string) => void;
  /** Default: no colours. */
  readonly paint?: Paint;
  /** Default: 80. */
  readonly columns?: number;
  /** Turns what is written into what the terminal can show. */
  readonly written?: (text: string) => string;
  /** Shows every single change. */
  readonly verbose?: boolean;
  /** What earlier runs know of durations. */
  readonly history?: History;
}

const repeatAfter = 30;
const margin = 17;

/** A run as plain lines, for pipes, logs and serial consoles: nothing is ever drawn over. */
export function plainView(options: ViewOptions): View {
  const { write, columns = 80, written = (text: string) => text, paint: colour = paint(false) } = options;
  const board = new Board(options);
  return {
    show(entry) {
      if (!board.note(entry)) return;
      const time = stopwatch(board.seconds(entry)).padStart(7);
      const head = entry.event === 'run-began' ? [...wrap(headline(entry), columns)] : [];
      const texts = plainLines(entry, board).flatMap((line) => drawn(line, time, columns, colour));
      for (const text of [...head, ...texts]) write(`${written(text)}\n`);
    },
    close: () => Promise.resolve(),
  };
}

function headline({ command, profile, plan, run }: Extract<Entry, { event: 'run-began' }>): string {
  const steps = plan.phases.reduce((sum, phase) => sum + phase.steps.length, 0);
  return `novasphere ${command}  ${profile.name}  ${count(phaseIds(plan.phases).length, 'phase')}, ${count(steps, 'step')}  run ${run}`;
}

function phaseIds(phases: readonly { readonly id: string }[]): readonly string[] {
  return [...new Set(phases.map((phase) => phase.id))];
}

function drawn({ kind, text }: PlainLine, time: string, columns: number, colour: Paint): readonly string[] {
  if (kind === 'phase') return wrap(`${time}  ${text}`, columns).map((line) => colour.bold(line));
  const hue = hues[kind];
  const label = kind.padEnd(8);
  return wrap(text, Math.max(30, columns - margin - 2)).map((line, index) =>
    index === 0 ? `${time}    ${hue === undefined ? label : colour[hue](label)}${line}` : `${' '.repeat(19)}${line}`,
  );
}

const hues: Readonly<Partial<Record<PlainLine['kind'], keyof Paint>>> = {
  ok: 'dim',
  change: 'blue',
  waiting: 'dim',
  slow: 'yellow',
  passed: 'green',
  done: 'green',
  undone: 'yellow',
  failed: 'red',
};

/** What the plain view remembers between two events. */
class Board implements PlainContext {
  readonly verbose: boolean;
  readonly #history: History | undefined;
  #began = 0;
  #phases: readonly string[] = [];
  #titles = new Map<string, string>();
  #hosts = 1;
  readonly #notes = new Map<string, readonly string[]>();
  readonly #told = new Map<string, { because: string; slow: boolean; at: number }>();

  constructor({ verbose = false, history }: ViewOptions) {
    this.verbose = verbose;
    this.#history = history;
  }

  /** Takes the event in; false when it repeats what was shown a moment ago. */
  note(entry: Entry): boolean {
    if (entry.event === 'run-began') {
      this.#began = Date.parse(entry.at);
      this.#phases = phaseIds(entry.plan.phases);
      const steps = entry.plan.phases.flatMap((phase) => phase.steps);
      this.#titles = new Map(steps.map((step) => [step.id, step.title]));
      this.#hosts = new Set(steps.map((step) => step.host)).size;
    }
    if (entry.event === 'found') this.#notes.set(`${entry.host} ${entry.step}`, entry.notes ?? []);
    if (entry.event === 'step-began') this.#titles.set(entry.step, entry.title);
    return entry.event !== 'waiting' || this.#isNews(entry);
  }

  #isNews({ step, host, gate, because, slow = false, at }: Extract<Entry, { event: 'waiting' }>): boolean {
    const key = `${host} ${step} ${gate}`;
    const told = this.#told.get(key);
    const now = Date.parse(at) / 1000;
    if (told !== undefined && told.because === because && told.slow === slow && now - told.at < repeatAfter)
      return false;
    this.#told.set(key, { because, slow, at: now });
    return true;
  }

  seconds(entry: Entry): number {
    return (Date.parse(entry.at) - this.#began) / 1000;
  }

  notes = (step: string, host: string): readonly string[] => this.#notes.get(`${host} ${step}`) ?? [];

  number = (phase: string): string => `${this.#phases.indexOf(phase) + 1}/${this.#phases.length}`;

  title = (step: string, host: string): string => {
    const title = this.#titles.get(step) ?? step;
    return this.#hosts > 1 ? `${title} on ${host}` : title;
  };

  usual = (step: string, gate: string): number | undefined => this.#history?.gate(step, gate)?.p95;
}
