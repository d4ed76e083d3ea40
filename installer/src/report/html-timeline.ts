import { type Markup, markup } from './markup.ts';
import type { GateStory, PhaseStory, RunStory, StepStory } from './run-story.ts';
import { span, stopwatch } from './said.ts';

/** How wide a bar is at least, in percent, so that what took a second can still be seen and pointed at. */
const least = 0.35;
const height = 22;
const gap = 4;

/** The picture of a run: a lane for each phase, a bar for each step, waits hatched. Positions are percentages, so it fits every width. */
export function timeline(story: RunStory): Markup {
  const scale = scaleOf(story);
  return markup`<section><h2>Timeline</h2><div class="card timeline">${hatches()}
${story.phases.map((phase) => lane(phase, scale))}
<div class="lane"><span></span><svg height="18" role="presentation">${scale.ticks.map((tick, index) => tickLabel(tick, index, scale))}</svg><span></span></div>
${legend()}</div></section>`;
}

interface Scale {
  readonly ticks: readonly number[];
  /** Percent of the width at which a moment lies. */
  at(iso: string): number;
  /** Percent of the width that seconds take. */
  wide(seconds: number): number;
}

function scaleOf(story: RunStory): Scale {
  const began = Date.parse(story.began);
  const ends = story.phases.flatMap((phase) => (phase.ended === undefined ? [] : [Date.parse(phase.ended)]));
  const whole = Math.max(1, (Math.max(Date.parse(story.last), ...ends) - began) / 1000);
  const every = steps.find((step) => whole / step <= 7) ?? whole;
  const percent = (seconds: number) => Math.min(100, Math.max(0, (seconds / whole) * 100));
  return {
    ticks: Array.from({ length: Math.floor(whole / every) + 1 }, (_, index) => index * every),
    at: (iso) => percent((Date.parse(iso) - began) / 1000),
    wide: percent,
  };
}

const steps = [1, 5, 10, 30, 60, 120, 300, 600, 1200, 3600, 7200, 21_600];

function lane(phase: PhaseStory, scale: Scale): Markup {
  const hosts = [...new Set(phase.steps.map((step) => step.host))];
  const tall = Math.max(1, hosts.length) * (height + gap);
  const rules = scale.ticks.map(
    (tick) => markup`<line class="rule" x1="${p(scale.wide(tick))}" x2="${p(scale.wide(tick))}" y1="0" y2="${tall}"/>`,
  );
  const bars = hosts.map((host, row) =>
    phase.steps
      .filter((step) => step.host === host)
      .map((step) => stepBars(step, gap / 2 + row * (height + gap), scale)),
  );
  const took = phase.began === undefined ? 'not begun' : span(Math.round(phase.seconds));
  return markup`<div class="lane${phase.began === undefined ? ' pending' : ''}"><span class="label" title="${phase.title}">${phase.title}</span><svg height="${tall}" role="img" aria-label="${phase.title}: ${took}">${rules}${phaseSpan(phase, tall, scale)}${bars}</svg><span class="took">${took}</span></div>
`;
}

function phaseSpan(phase: PhaseStory, tall: number, scale: Scale): Markup | undefined {
  if (phase.began === undefined) return undefined;
  const x = scale.at(phase.began);
  const width = Math.max(least, (phase.ended === undefined ? 100 : scale.at(phase.ended)) - x);
  return markup`<rect class="span" x="${p(x)}" width="${p(width)}" y="${gap / 2}" height="${tall - gap}" rx="4"><title>${phase.title}</title></rect>`;
}

function stepBars(step: StepStory, y: number, scale: Scale): Markup | undefined {
  if (step.began === undefined) return undefined;
  const look = step.state === 'failed' ? 'failed' : step.changes.length > 0 ? 'doing' : 'quiet';
  const said = `${step.title} on ${step.host}: ${step.state}, ${span(step.seconds)}`;
  const seconds = step.ended === undefined ? 0 : (Date.parse(step.ended) - Date.parse(step.began)) / 1000;
  const bar = rectangle(look, scale.at(step.began), scale.wide(seconds), y, said);
  const waits = step.gates.filter((gate) => gate.seconds >= 1).map((gate) => waitBar(gate, y, scale));
  if (step.state !== 'failed' || step.ended === undefined) return markup`${bar}${waits}`;
  const end = rectangle('failed', scale.at(step.ended) - least * 3, least * 3, y, said);
  return markup`${bar}${waits}${end}`;
}

function waitBar(gate: GateStory, y: number, scale: Scale): Markup {
  const because = gate.because.length === 0 ? '' : `\nnot yet: ${gate.because.join('\nnot yet: ')}`;
  const said = `${gate.passed ? 'waited' : 'waiting'} ${span(gate.seconds)} for ${gate.gate}${because}`;
  const slow = gate.slowSince === undefined ? 0 : (Date.parse(gate.until) - Date.parse(gate.slowSince)) / 1000;
  const usual = rectangle('waited', scale.at(gate.since), scale.wide(Math.max(0, gate.seconds - slow)), y, said);
  if (gate.slowSince === undefined) return usual;
  return markup`${usual}${rectangle('slow', scale.at(gate.slowSince), scale.wide(slow), y, said)}`;
}

function rectangle(look: string, x: number, width: number, y: number, title: string): Markup {
  const wide = Math.max(least, width - 0.08);
  return markup`<rect class="${look}" x="${p(x)}" width="${p(Math.min(wide, 100 - x + least))}" y="${y}" height="${height}" rx="3"><title>${title}</title></rect>`;
}

function tickLabel(tick: number, index: number, scale: Scale): Markup {
  const x = scale.wide(tick);
  return markup`<text class="${index % 2 === 1 ? 'odd' : 'even'}" x="${p(x)}" y="13" text-anchor="${x > 96 ? 'end' : tick === 0 ? 'start' : 'middle'}">${stopwatch(tick)}</text>`;
}

function p(percent: number): string {
  return `${Number(percent.toFixed(2))}%`;
}

function hatches(): Markup {
  const hatch = (id: string, ground: string, stripe: string) =>
    markup`<pattern id="${id}" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="7" height="7" style="fill: var(${ground})"/><rect width="3" height="7" style="fill: var(${stripe})"/></pattern>`;
  return markup`<svg width="0" height="0" style="position: absolute" aria-hidden="true"><defs>${hatch('hatch', '--act-soft', '--wait')}${hatch('hatch-slow', '--warn-soft', '--warn')}</defs></svg>`;
}

function legend(): Markup {
  const one = (look: string, text: string) =>
    markup`<span><svg height="12" role="presentation"><rect class="${look}" width="100%" height="12" rx="3"/></svg>${text}</span>`;
  return markup`<div class="legend">${one('doing', 'changing')}${one('waited', 'waiting for a gate')}${one('slow', 'longer than usual')}${one('quiet', 'already as wanted')}${one('failed', 'failed')}</div>`;
}
