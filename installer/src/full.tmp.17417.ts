import { loadCatalog } from '/work/main/installer/src/catalog/load-catalog.ts';
import { simulatedWorld } from '/work/main/installer/src/world/simulated.ts';
import { rehearse, plannedMishap } from '/work/main/installer/src/world/rehearsal.ts';
import { compile } from '/work/main/installer/src/plan/compile.ts';
import { phases } from '/work/main/installer/src/phases/index.ts';
import { Profile } from '/work/main/installer/src/profile/schema.ts';
import { load } from 'js-yaml';
import fs from 'node:fs';
const catalog = await loadCatalog('/work/main');
const profile = Profile.parse(load(fs.readFileSync('/work/main/profiles/' + (process.env.P ?? 'single-node') + '.yaml', 'utf8').replace(/wwn: (0x[0-9a-f]+)/g, 'wwn: "$1"')));
const t0 = performance.now();
const world = simulatedWorld({ profile, catalog, seed: 1, ...(process.env.SMALL ? {} : {upstream: '/work/shared/upstream'}) });
const plan = compile(profile, catalog, phases);
const verbose = process.env.V;
const start = world.clock.now();
const view = { show: (e: any) => {
  const t = ((Date.parse(e.at) - start) / 1000).toFixed(1).padStart(7);
  if (e.event === 'step-began') console.log(t, '▶', e.step);
  else if (e.event === 'waiting') console.log(t, '   …', e.because, e.slow ? '(slow)' : '');
  else if (e.event === 'passed') console.log(t, '   ✓', e.gate, '|', e.evidence.join('; ').slice(0, 200), e.seconds);
  else if (e.event === 'failed') console.log(t, '   ✖', JSON.stringify(e.fault, null, 1));
  else if (e.event === 'undone') console.log(t, '   ↶', e.because);
  else if (e.event === 'found' && verbose) console.log(t, '   ', e.state, e.changes.length, e.changes.slice(0, 4));
  else if (e.event === 'run-ended') console.log(t, 'END', e.outcome, e.exitCode, e.seconds, 'changed', e.changed);
}, close: async () => {} };
const consents = new Set<string>(process.env.CONSENT ? process.env.CONSENT.split(',') : []);
const anyConsent = { has: () => true } as any;
const opts = (n: number) => ({ plan, world, mishaps: n === 1 ? process.argv.slice(2).map((m) => plannedMishap(m, plan)) : [], resume: !!process.env.RESUME, concurrency: 1, consents: anyConsent, signal: new AbortController().signal,
  head: (r: number) => ({ event: 'run-began', version: 1, run: 'r' + r, command: 'x', mode: 'apply', profile: { name: 'x', digest: '', path: '' }, plan: { digest: '', phases: [] }, versions: {} }) as any, view: () => view });
const guard = setInterval(() => { const c = (world as any).crash; }, 500);
const runs = await rehearse(opts(1) as any);
console.log(runs.map((r) => [r.outcome, r.exitCode, r.changed]), ((performance.now() - t0) | 0) + ' ms');
if (process.env.TWICE) { const w = world.writes().length; const t1 = performance.now(); const again = await rehearse(opts(2) as any); console.log('second', again.map((r) => [r.outcome, r.changed]), 'writes', world.writes().slice(w), ((performance.now() - t1) | 0) + ' ms'); }
world.close();
process.exit(0);
