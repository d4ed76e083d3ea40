import { faultScreen } from './fault-screen.ts';
import { type Paint, paint } from './paint.ts';
import type { RunStory, StepStory } from './run-story.ts';
import { moment, outcomes, change as said, span } from './said.ts';
import { wrap } from './wrap.ts';

export interface ExplainScreen {
  readonly paint?: Paint;
  readonly columns?: number;
  readonly unicode?: boolean;
}

/** Why a run is not where it should be: the root cause first, then how it came to the surface. */
export function explainRun(story: RunStory, screen: ExplainScreen = {}): string {
  const [first, ...others] = story.faults;
  const head = `${story.profile.name}: the run ${story.run} ${isOrWas(story)} ${outcomes[story.outcome]}\n`;
  if (first === undefined) return `${head}${waitingText(story, screen)}`;
  const { fault, title } = first;
  const root = fault.because.at(-1) ?? fault.message;
  const colour = screen.paint ?? paint(false);
  const lines = wrap(root, (screen.columns ?? 80) - 12).map(
    (line, index) => `${index === 0 ? colour.bold('root cause  ') : ' '.repeat(12)}${line}`,
  );
  const undone = story.phases.flatMap((phase) => phase.steps.flatMap((step) => step.undone));
  const also = others.map((other) => `also        ${other.title}: ${other.fault.message}`);
  const taken = undone.map((text) => `took back   ${text}`);
  return [head, ...lines, '', faultScreen(fault, { title, ...screen }), ...taken, ...also]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

function isOrWas({ outcome }: RunStory): string {
  return outcome === 'running' ? 'is' : 'ended:';
}

function waitingText(story: RunStory, screen: ExplainScreen): string {
  const steps = story.phases.flatMap((phase) => phase.steps);
  const waiting = steps.filter((step) => step.state === 'running' || step.state === 'stopped');
  if (waiting.length === 0) return 'Nothing in it went wrong.\n';
  return waiting.map((step) => explainStep(step, screen)).join('\n');
}

/** Everything that a run knows of one step. */
export function explainStep(step: StepStory, screen: ExplainScreen = {}): string {
  const { paint: colour = paint(false), columns = 80 } = screen;
  const row = (label: string, text: string) =>
    wrap(text, columns - 12).map((line, index) => `${colour.dim((index === 0 ? label : '').padEnd(12))}${line}`);
  const lines = [
    colour.bold(`${step.title}  (${step.id} on ${step.host})`),
    ...row('state', `${step.state}${step.began === undefined ? '' : `, began ${moment(step.began)}`}`),
    ...step.notes.flatMap((note) => row('note', note)),
    ...step.changes.flatMap((change) => row('change', said(change))),
    ...step.gates.flatMap((gate) => [
      ...row(gate.passed ? 'passed' : 'waits for', `${gate.gate}, ${span(Math.round(gate.seconds))}`),
      ...gate.because.flatMap((because) => row('', `not yet: ${because}`)),
      ...gate.evidence.flatMap((evidence) => row('', evidence)),
    ]),
    ...step.undone.flatMap((text) => row('took back', text)),
  ];
  const fault = step.fault === undefined ? '' : `\n${faultScreen(step.fault, { title: step.title, ...screen })}`;
  return `${lines.join('\n')}\n${fault}`;
}
