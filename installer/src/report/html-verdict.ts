import { type Certificate, certificateOf } from './certificate.ts';
import { titleOf } from './fault-screen.ts';
import { type Markup, markup } from './markup.ts';
import type { FaultStory, RunStory } from './run-story.ts';
import { count, moment, outcomes, span } from './said.ts';

/** The top of the page: whether the site is ready, in one sentence and five figures. */
export function verdict(story: RunStory): Markup {
  const { tone, badge, title, text } = sentence(story);
  const steps = story.phases.flatMap((phase) => phase.steps);
  const gates = steps.flatMap((step) => step.gates).filter((gate) => gate.passed);
  const changes = steps.reduce((sum, step) => sum + step.changes.length, 0);
  const done = story.phases.filter((phase) => phase.state === 'done').length;
  const figures: readonly (readonly [string, string])[] = [
    ['took', span(Math.round(story.seconds))],
    ['phases', `${done} / ${story.phases.length}`],
    ['steps', `${steps.filter((step) => over.has(step.state)).length} / ${steps.length}`],
    ['changes', `${changes}`],
    ['gates passed', `${gates.length}`],
  ];
  return markup`<header class="card verdict ${tone}"><span class="badge">${badge}</span><h1>${title}</h1><p>${text}</p>
<dl class="figures">${figures.map(([label, value]) => markup`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl></header>`;
}

const over = new Set(['converged', 'applied', 'planned']);

interface Sentence {
  readonly tone: 'good' | 'bad' | 'warn' | 'act';
  readonly badge: string;
  readonly title: string;
  readonly text: string;
}

function sentence(story: RunStory): Sentence {
  const { outcome, profile, mode, changed, began } = story;
  const when = `novasphere ${story.command}, ${moment(began)}.`;
  if (mode === 'inspect' && outcome === 'done')
    return { tone: 'act', badge: 'plan', title: `What apply would change on ${profile.name}`, text: when };
  if (outcome === 'done')
    return { tone: 'good', badge: 'done', title: readyTitle(story), text: readyText(changed, when) };
  if (outcome === 'running')
    return {
      tone: 'act',
      badge: 'running',
      title: `${profile.name} is being installed`,
      text: `began ${moment(began)}`,
    };
  const message = story.faults[0]?.fault.message ?? outcomes[outcome];
  const tone = outcome === 'failed' || outcome === 'timed-out' ? 'bad' : 'warn';
  return {
    tone,
    badge: outcomes[outcome],
    title: `${profile.name} is not ready yet`,
    text: `${upper(message)}. ${when}`,
  };
}

function upper(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

function readyTitle(story: RunStory): string {
  const { name } = story.profile;
  return certificateOf(story) === undefined
    ? `${name} is as the profile wants it`
    : `${name} is ready: a VM booted on it`;
}

function readyText(changed: number, when: string): string {
  if (changed === 0) return `Nothing had to change. ${when}`;
  return `${count(changed, 'step')} changed something, every gate was passed. ${when}`;
}

/** The certificate: what the guest printed, and what else was proven of it. */
export function certificate(story: RunStory): Markup | undefined {
  const proven = certificateOf(story);
  if (proven === undefined) return undefined;
  return markup`<section><h2>Certificate of the sample VM</h2><div class="card proof"><div class="checks"><h3>What was seen</h3><ul>${proven.proofs.map(proofRow)}</ul><p class="when">${moment(proven.at)}</p></div>
<pre class="console"><span class="name">console of the guest</span>${consoleLines(proven)}</pre></div></section>`;
}

function proofRow(line: string): Markup {
  return markup`<li>${line}</li>`;
}

function consoleLines({ console: lines }: Certificate): readonly Markup[] {
  return lines.map((line) =>
    /login:|novasphere-boot=/.test(line) ? markup`<span class="prompt">${line}</span>\n` : markup`${line}\n`,
  );
}

/** Every fault with its cause, its evidence and what to do. */
export function faults(story: RunStory): Markup | undefined {
  if (story.faults.length === 0) return undefined;
  return markup`<section><h2>What went wrong</h2>${story.faults.map(faultCard)}</section>`;
}

function faultCard({ title, fault }: FaultStory): Markup {
  const rows: readonly (readonly [string, readonly Markup[]])[] = [
    ['because', fault.because.map((text) => markup`<div>${text}</div>`)],
    ['where', fault.where.map((text) => markup`<div>${text}</div>`)],
    ['seen', fault.evidence.map((text) => markup`<div class="mono">${text}</div>`)],
    ['try', fault.remedy.map((text) => markup`<div class="try"><code>${text}</code></div>`)],
  ];
  const shown = rows.filter(([, texts]) => texts.length > 0);
  return markup`<article class="card fault"><h3>${title}<span class="code">${fault.code}: ${titleOf(fault.code)}</span></h3><p class="message">${fault.message}</p><dl>${shown.map(([label, texts]) => markup`<dt>${label}</dt><dd>${texts}</dd>`)}</dl></article>`;
}
