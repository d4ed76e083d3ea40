import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lacksForBed } from './bed-needs.ts';
import { engineCost } from './bench-engine.ts';
import { bedFigures, type Figure, median, tableOf, tell } from './bench-figures.ts';

/**
 * Measures what docs/benchmarks.md promises, as whole processes, each paired with a rival in the same run: the figure
 * of a busy machine means little, the ratio a lot. With `--write` the page is written again.
 */

const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'novasphere-bench-'));
const entry = join(root, 'installer/bin/novasphere.js');

/** Milliseconds of one whole process. */
function once(words: readonly string[]): number {
  const began = performance.now();
  const ended = spawnSync(process.execPath, words, {
    cwd: root,
    stdio: 'ignore',
    env: { ...process.env, NOVASPHERE_STATE: scratch },
  });
  if (ended.status !== 0) throw new Error(`${words.join(' ')} ended with ${ended.status}`);
  return performance.now() - began;
}

/** Runs both in turn, so that a slow moment of the machine meets both. */
function pair(ours: readonly string[], rival: readonly string[], times: number): { ours: number; rival: number } {
  once(ours);
  once(rival);
  const rounds = Array.from({ length: times }, () => ({ ours: once(ours), rival: once(rival) }));
  return { ours: median(rounds.map((round) => round.ours)), rival: median(rounds.map((round) => round.rival)) };
}

/** A profile of some 300 lines that all say something: a node with seventy network cards. */
function longProfile(): string {
  const cards = Array.from({ length: 70 }, (_, index) => {
    const octet = index.toString(16).padStart(2, '0');
    return [
      '        - match:',
      `            mac: 02:00:00:00:01:${octet}`,
      `          name: lan${index}`,
      '          mtu: 9000',
    ];
  });
  const head = [
    'apiVersion: novasphere.dev/v1alpha1',
    'kind: Profile',
    'metadata: {name: long}',
    'nodes:',
    '  - name: long-a',
    '    role: server',
    '    network:',
    '      management:',
    '        match: {mac: 02:00:00:00:00:01}',
    '        addresses: [10.7.0.10/24]',
    '        gateway: 10.7.0.1',
    '      interfaces:',
  ];
  const file = join(scratch, 'long.yaml');
  writeFileSync(file, `${[...head, ...cards.flat()].join('\n')}\n`);
  return file;
}

const nothing = ['-e', '0'];
const help = pair([entry, '--help'], nothing, 15);
const validate = pair([entry, 'validate', longProfile()], nothing, 11);
const rehearse = pair([entry, 'rehearse', 'profiles/single-node.yaml'], nothing, 3);
const engine = await engineCost();

const bed = await onBed();

const figures: readonly Figure[] = [
  {
    what: '`novasphere --help`, warm',
    command: 'scripts/novasphere --help',
    measured: `${help.ours.toFixed(0)} ms, ${(help.ours / help.rival).toFixed(2)} × \`node -e 0\` (${help.rival.toFixed(0)} ms)`,
    promise: '≤ 60 ms and ≤ 2.5 ×',
    kept: help.ours <= 60 && help.ours / help.rival <= 2.5,
  },
  {
    what: '`validate` of a 300-line profile, whole process',
    command: 'scripts/novasphere validate long.yaml',
    measured: `${validate.ours.toFixed(0)} ms`,
    promise: '≤ 120 ms',
    kept: validate.ours <= 120,
  },
  {
    what: 'rehearsal of single-node.yaml, whole process, with its quiet second run',
    command: 'scripts/novasphere rehearse profiles/single-node.yaml',
    measured: `${(rehearse.ours / 1000).toFixed(2)} s`,
    promise: '≤ 2 s',
    kept: rehearse.ours <= 2000,
  },
  {
    what: "the engine's own cost per step (1,000 steps that do nothing)",
    command: 'scripts/bench',
    measured: `${engine.perStep.toFixed(3)} ms; ${engine.ratio.toFixed(1)} × a bare loop over the same probes`,
    promise: '≤ 1 ms',
    kept: engine.perStep <= 1,
  },
  ...bed,
];

tell(figures);
if (process.argv.includes('--write')) writeFileSync(join(root, 'docs/benchmarks.md'), page(figures));

/** The figures of a real control plane; none where this machine cannot carry one. */
async function onBed(): Promise<readonly Figure[]> {
  const lacks = await lacksForBed();
  if (lacks !== undefined) {
    console.error(`no figures of a real control plane: it ${lacks}`);
    return [];
  }
  const program = join(root, 'test/testbed/in-namespace');
  const ended = spawnSync(program, ['scripts/bench-bed.ts'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (ended.status !== 0) throw new Error(`scripts/bench-bed.ts ended with ${ended.status}`);
  return bedFigures(JSON.parse(ended.stdout.trim().split('\n').at(-1) ?? ''));
}

function page(all: readonly Figure[]): string {
  return `# Benchmarks

Written by \`scripts/bench --write\` (Node ${process.versions.node}, ${process.arch}); medians of whole processes, each paired with its rival in the same run. The fast tier of \`scripts/test\` has its own time in that command's table (promised ≤ 60 s).

${tableOf(all)}`;
}
