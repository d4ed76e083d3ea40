import { phases } from './html-phases.ts';
import { style } from './html-style.ts';
import { timeline } from './html-timeline.ts';
import { certificate, faults, verdict } from './html-verdict.ts';
import { Markup, markup } from './markup.ts';
import type { RunStory } from './run-story.ts';
import { moment } from './said.ts';

/** A run as one page that needs no network: verdict, certificate, timeline, every change and gate, versions. */
export function htmlReport(story: RunStory): string {
  const title = `${story.profile.name || 'a run'}: report of ${story.run || 'an unknown run'}`;
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title><style>${new Markup(style)}</style></head><body><main>
${verdict(story)}
${faults(story)}
${certificate(story)}
${timeline(story)}
${phases(story)}
<div class="columns">${table('Versions', Object.entries(story.versions))}${table('This run', aboutRun(story))}</div>
${notes(story)}
<footer>Made from the journal of the run; written once, needs no network.</footer>
</main></body></html>
`.text;
}

type Row = readonly [string, string];

function aboutRun(story: RunStory): readonly Row[] {
  return [
    ['run', story.run],
    ['command', `novasphere ${story.command}`],
    ['profile', story.profile.path],
    ['profile digest', story.profile.digest.slice(0, 16)],
    ['plan digest', story.planDigest.slice(0, 16)],
    ['began', moment(story.began)],
    ['last event', moment(story.last)],
    ...(story.exitCode === undefined ? [] : [['exit code', `${story.exitCode}`] as const]),
  ];
}

function table(title: string, rows: readonly Row[]): Markup | undefined {
  if (rows.length === 0) return undefined;
  const body = rows.map(([label, value]) => markup`<tr><td>${label}</td><td class="mono">${value}</td></tr>`);
  return markup`<section><h2>${title}</h2><div class="card"><table>${body}</table></div></section>`;
}

function notes(story: RunStory): Markup | undefined {
  if (story.notes.length === 0) return undefined;
  return table(
    'Notes',
    story.notes.map(({ at, text }) => [moment(at), text]),
  );
}
