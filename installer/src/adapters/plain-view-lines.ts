import type { Entry } from '#ports/journal';
import { change, count, outcomes, span } from '#report/said';

/** A line of the plain view: a word that says what kind of news it is, and the news. */
export interface PlainLine {
  readonly kind:
    | 'phase'
    | 'ok'
    | 'change'
    | 'waiting'
    | 'slow'
    | 'passed'
    | 'done'
    | 'undone'
    | 'failed'
    | 'note'
    | 'ended';
  readonly text: string;
}

/** What the plain view knows of the run besides the event. */
export interface PlainContext {
  readonly verbose: boolean;
  /** `3/11` for a phase id. */
  number(phase: string): string;
  /** The title of a step; with its host where the plan has more than one. */
  title(step: string, host: string): string;
  /** What the probe of a step noted. */
  notes(step: string, host: string): readonly string[];
  /** Seconds that a gate usually takes, when earlier runs know. */
  usual(step: string, gate: string): number | undefined;
}

type Of<Event extends Entry['event']> = Extract<Entry, { event: Event }>;
type Lines = { readonly [Event in Entry['event']]: (entry: Of<Event>, context: PlainContext) => readonly PlainLine[] };

/** The lines that an event is worth; none for what only journals need. */
export function plainLines(entry: Entry, context: PlainContext): readonly PlainLine[] {
  return (lines[entry.event] as (entry: Entry, context: PlainContext) => readonly PlainLine[])(entry, context);
}

const lines: Lines = {
  'run-began': () => [],
  'phase-began': ({ phase, title }, { number }) => [{ kind: 'phase', text: `phase ${number(phase)}  ${title}` }],
  'step-began': () => [],
  found: ({ state, changes, step, host, notes = [] }, { title, verbose }) => {
    if (state !== 'drifted') return [];
    const head: PlainLine = { kind: 'change', text: `${title(step, host)}  (${count(changes.length, 'change')})` };
    const single = changes.map((one): PlainLine => ({ kind: 'change', text: `- ${change(one)}` }));
    return [head, ...(verbose ? single : []), ...notes.map((text): PlainLine => ({ kind: 'note', text }))];
  },
  intent: ({ target }) => [{ kind: 'note', text: `written down before it is destroyed: ${target}` }],
  applied: ({ seconds, step, host }, { title }) => [{ kind: 'done', text: `${title(step, host)}  ${span(seconds)}` }],
  waiting: (entry, context) => [waitingLine(entry, context)],
  passed: ({ gate, seconds }) => [{ kind: 'passed', text: `${gate}  ${span(seconds)}` }],
  undone: ({ because }) => [{ kind: 'undone', text: `took back: ${because}` }],
  failed: ({ fault, step, host }, { title }) => [{ kind: 'failed', text: `${title(step, host)}: ${fault.message}` }],
  'step-ended': ({ outcome, step, host }, { title, notes }) => {
    const known = notes(step, host).join('; ');
    if (outcome === 'converged')
      return [{ kind: 'ok', text: known === '' ? title(step, host) : `${title(step, host)}: ${known}` }];
    return outcome === 'stopped' ? [{ kind: 'note', text: `stopped: ${title(step, host)}` }] : [];
  },
  'phase-ended': ({ phase, outcome, seconds }, { number }) => [
    { kind: 'phase', text: `phase ${number(phase)}  ${outcome} in ${span(seconds)}` },
  ],
  note: ({ text }) => [{ kind: 'note', text }],
  'run-ended': ({ outcome, seconds, changed }) => [{ kind: 'ended', text: runEnd(outcome, seconds, changed) }],
};

function waitingLine({ gate, because, since, at, slow, step }: Of<'waiting'>, { usual }: PlainContext): PlainLine {
  const waited = span(Math.max(0, Math.round((Date.parse(at) - Date.parse(since)) / 1000)));
  if (slow !== true) return { kind: 'waiting', text: `${waited} for ${gate}: ${because}` };
  const known = usual(step, gate);
  const usually = known === undefined ? '' : `, p95 ${span(known)}`;
  return { kind: 'slow', text: `taking longer than usual: ${waited}${usually}, for ${gate}: ${because}` };
}

/** The last line of a run, the same in every view. */
export function runEnd(outcome: Of<'run-ended'>['outcome'], seconds: number, changed: number): string {
  const steps = changed === 0 ? 'nothing changed' : `${count(changed, 'step')} changed something`;
  return `${outcomes[outcome]}, ${span(seconds)}, ${steps}`;
}
