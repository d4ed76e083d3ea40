import { certificateOf } from './certificate.ts';
import { faultScreen } from './fault-screen.ts';
import { type Paint, paint } from './paint.ts';
import type { PhaseStory, RunStory, StepStory } from './run-story.ts';
import { count, moment, outcomes, change as said, span } from './said.ts';
import { wrap } from './wrap.ts';

export interface TextReport {
  /** Default: no colours. */
  readonly paint?: Paint;
  /** Default: 80. */
  readonly columns?: number;
  /** Also every change and every gate with its evidence. */
  readonly verbose?: boolean;
  readonly unicode?: boolean;
}

const marks = { pending: '·', running: '▸', done: '✔', failed: '✖', stopped: '▪' } as const;
const hues = { pending: 'dim', running: 'blue', done: 'green', failed: 'red', stopped: 'yellow' } as const;

/** A run, told for a terminal: what became of it, phase by phase, what went wrong, and the proof at its end. */
export function textReport(story: RunStory, options: TextReport = {}): string {
  const { paint: colour = paint(false), columns = 80, verbose = false, unicode = true } = options;
  const phases = story.phases.flatMap((phase) => [
    phaseLine(phase, colour),
    ...(verbose ? phase.steps.flatMap((step) => stepLines(step, colour, columns)) : []),
  ]);
  const faults = story.faults.map(({ title, fault }) => faultScreen(fault, { title, paint: colour, columns, unicode }));
  const parts = [headLines(story, colour), phases, faults, noteLines(story, columns), certificateLines(story, colour)];
  const told = parts.filter((lines) => lines.length > 0).map((lines) => lines.join('\n').trimEnd());
  return `${told.join('\n\n')}\n`;
}

function headLines(story: RunStory, colour: Paint): readonly string[] {
  const { command, profile, run, began, outcome, seconds, changed } = story;
  const row = (label: string, text: string) => `${colour.dim(label.padEnd(10))}${text}`;
  const verdict = `${outcomes[outcome]} after ${span(Math.round(seconds))}`;
  const steps = story.phases.flatMap((phase) => phase.steps);
  const changes = steps.reduce((sum, step) => sum + step.changes.length, 0);
  const did = story.mode === 'inspect' ? 'would change' : 'changed';
  return [
    colour.bold(`novasphere ${command}  ${profile.name}`),
    row('run', run || 'without a beginning'),
    row('began', moment(began)),
    row('ended', colour[outcome === 'done' ? 'green' : outcome === 'running' ? 'blue' : 'red'](verdict)),
    row(did, changed === 0 && changes === 0 ? 'nothing' : `${count(changes, 'thing')} in ${count(changed, 'step')}`),
  ];
}

function phaseLine(phase: PhaseStory, colour: Paint): string {
  const { state, title, steps, seconds } = phase;
  const changed = steps.filter((step) => step.state === 'applied' || step.state === 'planned').length;
  const over = steps.filter((step) => step.state !== 'pending' && step.state !== 'running').length;
  const took = state === 'pending' ? '' : `, ${changed} changed, ${span(Math.round(seconds))}`;
  const progress = state === 'pending' ? 'not begun' : `${over}/${steps.length} steps${took}`;
  return `${colour[hues[state]](marks[state])} ${title.padEnd(34)}${colour.dim(progress)}`;
}

function stepLines(step: StepStory, colour: Paint, columns: number): readonly string[] {
  if (step.state === 'pending') return [];
  const line = (indent: number, text: string) =>
    wrap(text, columns - indent).map((one) => `${' '.repeat(indent)}${one}`);
  return [
    ...line(4, `${step.title}  ${colour.dim(`${step.state} ${span(step.seconds)}`)}`),
    ...step.changes.flatMap((change) => line(6, `- ${said(change)}`)),
    ...step.gates.flatMap((gate) => [
      ...line(6, `${gate.passed ? 'passed' : 'waited for'} ${gate.gate}  ${span(gate.seconds)}`),
      ...gate.evidence.flatMap((evidence) => line(8, evidence)),
    ]),
    ...step.undone.flatMap((text) => line(6, `took back: ${text}`)),
  ];
}

function noteLines(story: RunStory, columns: number): readonly string[] {
  return story.notes.flatMap(({ text }) =>
    wrap(text, columns - 10).map((line, index) => `${(index === 0 ? 'note' : '').padEnd(10)}${line}`),
  );
}

function certificateLines(story: RunStory, colour: Paint): readonly string[] {
  const certificate = certificateOf(story);
  if (certificate === undefined) return [];
  const proofs = certificate.proofs.map((line) => `  ${colour.green('✔')} ${line}`);
  const said = certificate.console.slice(-5).map((line) => colour.dim(`    │ ${line}`));
  return [colour.bold('Certificate: a VM booted on this machine'), ...proofs, ...said];
}
