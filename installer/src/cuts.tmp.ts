import { loadCatalog } from '/work/main/installer/src/catalog/load-catalog.ts';
import { simulatedWorld } from '/work/main/installer/src/world/simulated.ts';
import { rehearse } from '/work/main/installer/src/world/rehearsal.ts';
import { compile } from '/work/main/installer/src/plan/compile.ts';
import { phases } from '/work/main/installer/src/phases/index.ts';
import { Profile } from '/work/main/installer/src/profile/schema.ts';
import { load } from 'js-yaml';
import fs from 'node:fs';
const catalog = await loadCatalog('/work/main');
const profile = Profile.parse(load(fs.readFileSync('/work/main/profiles/single-node.yaml', 'utf8').replace(/wwn: (0x[0-9a-f]+)/g, 'wwn: "$1"')));
async function one(n: number, moment: any, step = 0) {
  const world = simulatedWorld({ profile, catalog, seed: 1 });
  const plan = compile(profile, catalog, phases);
  let cut = '';
  const arm = () => world.stage.fuse.arm((w) => (w.count === n && !cut ? ((cut = w.what), moment) : undefined));
  arm();
  const wrapped = Object.create(world, { restart: { value: async () => { await world.restart(); if (!cut) arm(); } } });
  const opts = { plan, world: wrapped, mishaps: [], resume: true, concurrency: 1, consents: { has: () => true }, signal: new AbortController().signal, head: (r: number) => ({ event: 'run-began', version: 1, run: 'r' + r, command: 'x', mode: 'apply', profile: { name: 'x', digest: '', path: '' }, plan: { digest: '', phases: [] }, versions: {} }), view: () => ({ show: () => {}, close: async () => {} }) } as any;
  const outcomes: string[] = []; let last: any;
  for (let i = 0; i < 4; i++) {
    const runs = await rehearse(opts);
    outcomes.push(...runs.map((r) => r.outcome)); last = runs.at(-1);
    if (last.outcome === 'cut') { await world.restart(); continue; }
    break;
  }
  const before = world.writes().length;
  let quiet: any = 'n/a';
  if (last.outcome === 'done') { const again = await rehearse(opts); quiet = again.map((r) => [r.outcome, r.changed]).join() + ' ' + world.writes().slice(before).join('; '); }
  const bad = last.outcome !== 'done' || quiet !== 'done,0 ';
  if (bad || !cut) console.log(n, moment, cut, outcomes.join(), last.faults.map((f: any) => [f.code, f.message, ...f.record().because, ...f.where, ...f.evidence].join(' | ')), 'quiet:', quiet);
  world.close();
  return { count: world.stage.fuse.count, cut };
}
const [from, to, step, ...moments] = process.argv.slice(2);
let k = 0;
for (let n = Number(from); n < Number(to); n += Number(step)) { const { cut } = await one(n, moments[k++ % moments.length]); if (!cut) break; }
console.log('cuts tried', k);
process.exit(0);
