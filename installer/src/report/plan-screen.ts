import { leftOverIn } from '#engine/left-over';
import type { Entry } from '#ports/journal';
import { faultScreen } from './fault-screen.ts';
import type { History } from './history.ts';
import { type Paint, paint } from './paint.ts';
import type { PhaseStory, RunStory, StepStory } from './run-story.ts';
import { count, change as said, span } from './said.ts';
import { tell } from './tell.ts';
import { wrap } from './wrap.ts';

export interface PlanScreen {
  readonly history?: History;
  /** Default: no colours. */
  readonly paint?: Paint;
  /** Default: 80. */
  readonly columns?: number;
}

/** The list that `plan` prints and that the confirmation of `apply` prints: every change, and what it all amounts to. */
export function planScreen(entries: readonly Entry[], screen: PlanScreen = {}): string {
  const story = tell(entries);
  const { paint: colour = paint(false), columns = 80, history } = screen;
  const several = new Set(stepsOf(story).map((step) => step.host)).size > 1;
  const phases = story.phases.flatMap((phase) => phaseLines(phase, { colour, columns, history, several }));
  const faults = story.faults.map(({ title, fault }) => faultScreen(fault, { title, paint: colour, columns }));
  const left = stepsOf(story).flatMap(({ notes }) => notes.flatMap((note) => leftOverIn(note) ?? []));
  const notes = [
    ...left.flatMap((text) => noteLines('left over', text, colour, columns)),
    ...story.notes.flatMap(({ text }) => noteLines('note', text, colour, columns)),
  ];
  return [...phases, ...faults.flatMap((text) => [text]), ...totals(story, colour, history), ...notes, ''].join('\n');
}

/** What is to be known of the whole plan, such as what could not be looked at. */
function noteLines(label: string, text: string, colour: Paint, columns: number): readonly string[] {
  const lines = wrap(text, columns - 12);
  return lines.map((line, index) => `${colour.dim((index === 0 ? label : '').padEnd(12))}${line}`);
}

interface Drawing {
  readonly colour: Paint;
  readonly columns: number;
  readonly history: History | undefined;
  readonly several: boolean;
}

function phaseLines(phase: PhaseStory, drawing: Drawing): readonly string[] {
  const changed = phase.steps.filter((step) => step.changes.length > 0);
  if (changed.length === 0) return [];
  return [drawing.colour.bold(phase.title), ...changed.flatMap((step) => stepLines(step, drawing)), ''];
}

function stepLines(step: StepStory, { colour, columns, history, several }: Drawing): readonly string[] {
  const last = history?.step(step.id)?.last;
  const took = last === undefined ? '' : colour.dim(`  took ${span(last)} last time`);
  const where = several ? ` on ${step.host}` : '';
  const changes = step.changes.flatMap((one) => {
    const mark = one.destructive === undefined ? ' ' : '!';
    const lines = wrap(`${said(one)}${consequences(one)}`, columns - 8);
    const hue = one.destructive === undefined ? (text: string) => text : colour.red;
    return lines.map((line, index) => hue(index === 0 ? `  ${mark}   ${line}` : `        ${line}`));
  });
  return [`  ${step.title}${where}${took}`, ...changes];
}

function consequences({
  destructive,
  restarts,
}: {
  readonly destructive?: string;
  readonly restarts?: string;
}): string {
  const what = destructive?.startsWith('disk ') === true ? 'what is on ' : '';
  const lost = destructive === undefined ? '' : `, destroys ${what}${destructive}`;
  return restarts === undefined ? lost : `${lost}, restarts ${restarts}`;
}

function totals(story: RunStory, colour: Paint, history: History | undefined): readonly string[] {
  const steps = stepsOf(story);
  const drifted = steps.filter((step) => step.changes.length > 0);
  const changes = drifted.flatMap((step) => step.changes);
  if (changes.length === 0 && story.faults.length === 0)
    return [`Nothing to change: ${count(steps.length, 'step')} looked at, all as wanted.`];
  const row = (label: string, text: string) => `${colour.dim(label.padEnd(12))}${text}`;
  const restarts = unique(changes.map((one) => one.restarts)).filter((one) => one !== 'machine');
  const destroyed = unique(changes.map((one) => one.destructive));
  const spans = drifted.flatMap((step) => history?.step(step.id)?.last ?? []);
  return [
    row('in all', `${count(changes.length, 'change')} in ${count(drifted.length, 'step')} of ${steps.length}`),
    ...(restarts.length > 0 ? [row('restarts', restarts.join(', '))] : []),
    row(
      'reboot',
      changes.some((one) => one.restarts === 'machine') ? 'needed once; the run goes on by itself' : 'not needed',
    ),
    ...(destroyed.length > 0 ? [colour.red(row('destroys', destroyed.join(', ')))] : [row('destroys', 'nothing')]),
    ...(spans.length > 0 ? [row('took', `${span(sum(spans))} last time, for ${spans.length} of these steps`)] : []),
    ...(story.faults.length > 0 ? [row('in the way', count(story.faults.length, 'fault'))] : []),
  ];
}

function stepsOf(story: RunStory): readonly StepStory[] {
  return story.phases.flatMap((phase) => phase.steps);
}

function unique(texts: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(texts.filter((text) => text !== undefined))];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
