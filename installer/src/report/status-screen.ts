import type { History } from './history.ts';
import { type Paint, paint } from './paint.ts';
import type { RunStory, StepStory } from './run-story.ts';
import { moment, outcomes, span } from './said.ts';
import { wrap } from './wrap.ts';

export interface StatusScreen {
  /** Milliseconds since 1970: waits of a run that goes on are told up to now. */
  readonly now: number;
  /** Whether the process of the run is still there; a run without end and without process was cut. */
  readonly isAlive: boolean;
  readonly history?: History;
  readonly paint?: Paint;
  readonly columns?: number;
}

/** Where a run is, what it waits for, and since when. */
export function statusScreen(story: RunStory, screen: StatusScreen): string {
  const { paint: colour = paint(false), columns = 80, now, isAlive } = screen;
  const row = (label: string, text: string) =>
    wrap(text, columns - 10).map((line, index) => `${colour.dim((index === 0 ? label : '').padEnd(10))}${line}`);
  const { phases } = story;
  const done = phases.filter((phase) => phase.state === 'done').length;
  const goesOn = story.outcome === 'running' && isAlive;
  const elapsed = goesOn ? (now - Date.parse(story.began)) / 1000 : story.seconds;
  const lines = [
    colour.bold(`novasphere ${story.command}  ${story.profile.name}`),
    ...row('run', `${story.run}, began ${moment(story.began)}`),
    ...row('state', `${stateOf(story, isAlive)}, ${span(Math.max(0, Math.round(elapsed)))}`),
    ...row('phases', `${done} of ${phases.length} done`),
    ...(story.outcome === 'running' ? activeLines(story, screen, row) : []),
    ...story.faults.flatMap(({ title, fault }) => row('fault', `${title}: ${fault.message}`)),
    ...(story.faults.length > 0 ? row('', 'novasphere explain') : []),
  ];
  return `${lines.join('\n')}\n`;
}

function stateOf(story: RunStory, isAlive: boolean): string {
  if (story.outcome !== 'running') return outcomes[story.outcome];
  return isAlive ? 'running' : 'cut off without an end; run the same command again, it goes on from there';
}

type Row = (label: string, text: string) => readonly string[];

function activeLines(story: RunStory, { now, isAlive, history }: StatusScreen, row: Row): readonly string[] {
  return story.phases.flatMap((phase) =>
    phase.steps
      .filter((step) => step.state === 'running')
      .flatMap((step) => [
        ...row(isAlive ? 'at work' : 'was at', `${phase.title}: ${step.title}`),
        ...waitLines(step, now, history, row),
      ]),
  );
}

function waitLines(step: StepStory, now: number, history: History | undefined, row: Row): readonly string[] {
  const gate = step.gates.find((one) => !one.passed);
  if (gate === undefined) return [];
  const waited = span(Math.max(0, Math.round((now - Date.parse(gate.since)) / 1000)));
  const usual = history?.gate(step.id, gate.gate);
  const usually = usual === undefined ? '' : `; it took ${span(usual.last)} last time`;
  return [
    ...row('waits for', gate.gate),
    ...row('since', `${moment(gate.since)}, ${waited} ago${usually}`),
    ...row('because', gate.because.at(-1) ?? 'nothing was said yet'),
  ];
}
