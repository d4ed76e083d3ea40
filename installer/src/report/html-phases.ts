import { type Markup, markup } from './markup.ts';
import type { GateStory, PhaseStory, RunStory, StepStory } from './run-story.ts';
import { count, span } from './said.ts';

type Change = StepStory['changes'][number];

const marks = { pending: '·', running: '▸', done: '✔', failed: '✖', stopped: '▪' } as const;
const tones = { pending: '', running: 'act', done: 'good', failed: 'bad', stopped: 'warn' } as const;

/** Every phase with every step: what changed, what was waited for and why, and the evidence of every gate. */
export function phases(story: RunStory): Markup {
  return markup`<section><h2>Every change and every gate</h2><div class="card phases">
${story.phases.map(phaseDetails)}</div></section>`;
}

function phaseDetails(phase: PhaseStory): Markup {
  const { state, title, steps, seconds } = phase;
  const changes = steps.reduce((sum, step) => sum + step.changes.length, 0);
  const passed = steps.flatMap((step) => step.gates).filter((gate) => gate.passed).length;
  const counts = [changes > 0 ? count(changes, 'change') : '', passed > 0 ? count(passed, 'gate') : ''];
  const parts = [...counts.filter((text) => text !== ''), span(Math.round(seconds))];
  const sum = state === 'pending' ? 'not begun' : parts.join(' · ');
  const told = steps.filter((step) => step.state !== 'pending');
  const body =
    told.length === 0
      ? markup`<div class="step note">${count(steps.length, 'step')}, not begun</div>`
      : told.map(stepPart);
  return markup`<details class="${tones[state]}"${state === 'failed' ? markup` open` : undefined}><summary><span class="mark">${marks[state]}</span><h3>${title}</h3><span class="sum">${sum}</span></summary>
${body}</details>
`;
}

function stepPart(step: StepStory): Markup {
  const took = step.seconds > 0 ? `, ${span(step.seconds)}` : '';
  const notes = step.notes.map((note) => markup`<div class="note">${note}</div>`);
  const changes =
    step.changes.length === 0 ? undefined : markup`<ul class="changes">${step.changes.map(changeRow)}</ul>`;
  const undone = step.undone.map(
    (text) => markup`<div class="gate warn"><span class="mark">↶</span>took back: ${text}</div>`,
  );
  const fault =
    step.fault === undefined
      ? undefined
      : markup`<div class="gate bad"><span class="mark">✖</span>${step.fault.message}</div>`;
  return markup`<article class="step" id="${step.id}"><header><h3>${step.title}</h3><span>${step.host} · ${said[step.state]}${took}</span></header>${notes}${changes}${step.gates.map(gatePart)}${undone}${fault}</article>
`;
}

const said: Readonly<Record<StepStory['state'], string>> = {
  pending: 'not begun',
  running: 'under way',
  converged: 'as wanted',
  applied: 'changed',
  planned: 'would change',
  failed: 'failed',
  stopped: 'stopped',
};

function changeRow({ what, from, to, destructive, restarts }: Change): Markup {
  const how = from === undefined ? (to ?? '') : `${from} → ${to ?? 'nothing'}`;
  const lost = destructive === undefined ? undefined : markup`<span class="lost"> destroys ${destructive}</span>`;
  const again = restarts === undefined ? undefined : markup`<span class="tag warn">restarts ${restarts}</span>`;
  return markup`<li><span>${what}${again}</span><span>${how}${lost}</span></li>`;
}

function gatePart(gate: GateStory): Markup {
  const because = gate.because.map((text) => markup`<li>not yet: ${text}</li>`);
  const evidence = gate.evidence.map((text) => markup`<li class="evidence">${text}</li>`);
  const list = because.length + evidence.length === 0 ? undefined : markup`<ul>${because}${evidence}</ul>`;
  const slow = gate.slowSince !== undefined ? markup`<span class="tag warn">longer than usual</span>` : undefined;
  const tone = gate.passed ? 'good' : 'warn';
  return markup`<div class="gate ${tone}"><span class="mark">${gate.passed ? '✔' : '…'}</span><b>${gate.gate}</b>, ${span(gate.seconds)}${slow}${list}</div>`;
}
