import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lacksForBed } from './bed-needs.ts';
import { operatorFigures, tableOf, tell } from './bench-figures.ts';

/**
 * The figures of the operator on a real API server, some ten minutes long; `--quiet 300` watches a site at rest for
 * five minutes instead of one, `--write` writes docs/benchmarks-operator.md.
 */
const root = join(import.meta.dirname, '..');
const words = process.argv.slice(2);
const lacks = await lacksForBed();
if (lacks !== undefined) {
  console.error(`the operator is measured on a real control plane, which ${lacks}`);
  process.exit(1);
}
const seconds = words.includes('--quiet') ? (words[words.indexOf('--quiet') + 1] ?? '60') : '60';
const ended = spawnSync(
  join(root, 'test/testbed/in-namespace'),
  ['--disable-warning=ExperimentalWarning', 'scripts/bench-operator.ts', seconds],
  {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
if (ended.status !== 0) throw new Error(`scripts/bench-operator.ts ended with ${ended.status}`);
const figures = operatorFigures(JSON.parse(ended.stdout.trim().split('\n').at(-1) ?? ''));
tell(figures);
if (words.includes('--write')) writeFileSync(join(root, 'docs/benchmarks-operator.md'), page());

function page(): string {
  return `# Benchmarks of the operator

Written by \`scripts/bench operator --write\` (Node ${process.versions.node}, ${process.arch}): the operator as a process of its own, as its image has it, on a real kube-apiserver with etcd; a provisioner and a KubeVirt that take no time, and share the machine with it. An earlier operator, written in Go, took 5.5 s and 2,059 requests for the first row on such a bed, and 40 requests a second at rest.

${tableOf(figures)}`;
}
