import { $, chalk } from 'zx';

/** One check: what it says, and the command that says it. Those that need nothing from each other run side by side. */
const checks: readonly { readonly title: string; readonly command: readonly string[] }[] = [
  { title: 'format', command: ['biome', 'check', '.'] },
  { title: 'types', command: ['tsc', '-p', '.'] },
  { title: 'lint', command: ['oxlint', '--type-aware', '--quiet'] },
  { title: 'layers', command: ['vitest', 'run', '--reporter=dot', 'test/layers'] },
  { title: 'unused code', command: ['knip', '--no-progress'] },
  { title: 'generated files', command: ['node', 'scripts/generate.ts', '--check'] },
  { title: "docs' examples", command: ['node', 'scripts/check-docs.ts'] },
];

$.verbose = false;
$.nothrow = true;
let failed = 0;
for (const pair of inPairs(checks)) {
  const results = await Promise.all(pair.map(async (check) => ({ check, result: await $`${check.command}` })));
  for (const { check, result } of results) {
    const good = result.exitCode === 0;
    console.log(
      `${good ? chalk.green('✔') : chalk.red('✖')} ${check.title.padEnd(18)} ${(result.duration / 1000).toFixed(1)} s`,
    );
    if (good) continue;
    failed++;
    console.log(result.stdall.trimEnd());
  }
}
console.log(failed === 0 ? 'everything is as it should be' : `${failed} of ${checks.length} checks failed`);
process.exit(failed === 0 ? 0 : 1);

/** Two at a time: the machine that this has to be quick on has two cores. */
function inPairs<One>(all: readonly One[]): readonly (readonly One[])[] {
  return all.flatMap((_, index) => (index % 2 === 0 ? [all.slice(index, index + 2)] : []));
}
