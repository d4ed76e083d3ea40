import { existsSync, readFileSync } from 'node:fs';
import { $, chalk } from 'zx';
import { binaries, registryBinary } from '../test/testbed/binaries.ts';
import { missingFor, type Tier, tiers } from './tiers.ts';

/** Runs every tier that this machine can carry, installs what a tier needs where that is allowed, and says the rest. */
interface Row {
  readonly tier: Tier;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
  readonly note: string;
}

$.verbose = false;
$.nothrow = true;
const inCi = process.env['CI'] === 'true';
const wanted = process.argv.slice(2);
const chosen = wanted.length === 0 ? tiers : tiers.filter((tier) => wanted.includes(tier.name));
if (chosen.length === 0) {
  console.error(`no such tier; there are: ${tiers.map((tier) => tier.name).join(', ')}`);
  process.exit(2);
}

const rows: Row[] = [];
for (const tier of chosen) rows.push(await runTier(tier));
process.exit(tell(rows));

async function runTier(tier: Tier): Promise<Row> {
  const missing = await missingFor(tier, $);
  if (missing !== undefined)
    return { tier, passed: 0, failed: inCi ? 1 : 0, skipped: inCi ? 0 : 1, seconds: 0, note: missing };
  console.log(chalk.bold(`── ${tier.name}: ${tier.about}`));
  if (tier.name === 'bed') await binaries(console.log);
  if (tier.name === 'bundle') await registryBinary(console.log);
  const file = `.vitest/${tier.name}.json`;
  const result = await $({
    stdio: 'inherit',
  })`vitest run --project ${tier.name} --reporter=default --reporter=json --outputFile.json=${file}`;
  const seconds = result.duration / 1000;
  if (!existsSync(file))
    return { tier, passed: 0, failed: 1, skipped: 0, seconds, note: 'the tests did not run to their end' };
  const counts = JSON.parse(readFileSync(file, 'utf8'));
  const failed = Math.max(counts.numFailedTests, result.exitCode === 0 ? 0 : 1);
  return { tier, passed: counts.numPassedTests, failed, skipped: counts.numPendingTests, seconds, note: '' };
}

function tell(all: readonly Row[]): number {
  const sum = (key: 'passed' | 'failed' | 'skipped') => all.reduce((total, row) => total + row[key], 0);
  console.log('');
  for (const { tier, passed, failed, skipped, seconds, note } of all) {
    const state = failed > 0 ? chalk.red('failed') : passed === 0 ? chalk.yellow('skipped') : chalk.green('passed');
    const numbers =
      note === '' ? `${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds.toFixed(1)} s` : note;
    console.log(`${tier.name.padEnd(10)} ${state.padEnd(17)} ${numbers}`);
  }
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  return sum('failed') > 0 || sum('passed') === 0 ? 1 : 0;
}
