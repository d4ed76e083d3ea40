import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeIndex } from '#bundle/index/write-index';
import { verifyBundle } from '#bundle/verify/verify-bundle';
import { type Comparison, median } from './bench-figures.ts';

const MiB = 2 ** 20;
const rounds = 5;
const self = import.meta.filename;

/** `bundle verify` against `sha256sum` with as many processes as cores, over the same files in the page cache. */
export async function bundleVerifyFigures(): Promise<readonly Comparison[]> {
  const place = mkdtempSync(join(tmpdir(), 'novasphere-bench-verify-'));
  try {
    fill(place);
    await makeIndex(place);
    return await measured(place);
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** What a bundle is like: a large archive, some binaries and packages of middle size, many small texts. */
function fill(place: string): void {
  const sizes = [700 * MiB, ...Array<number>(4).fill(200 * MiB), ...Array<number>(200).fill(MiB / 2)];
  const noise = Buffer.alloc(8 * MiB, 'a bundle of noise ');
  for (const [at, size] of sizes.entries()) {
    const file = join(place, `folder-${at % 7}`, `file-${at}`);
    mkdirSync(dirname(file), { recursive: true });
    for (let rest = size; rest > 0; rest -= noise.length)
      writeFileSync(file, noise.subarray(0, Math.min(rest, noise.length)), { flag: 'a' });
  }
}

async function measured(place: string): Promise<readonly Comparison[]> {
  // The largest first, so that the rival is not held up by one that it begins last.
  const files = `find ${place} -type f -printf '%s %p\\0' | sort -znr | cut -zd' ' -f2-`;
  const rival = () =>
    run('bash', ['-c', `${files} | xargs -0 -n 1 -P ${availableParallelism()} sha256sum > /dev/null`]);
  const child = () => run(process.execPath, [self, place]);
  const inside = () => verified(place);
  const rows: Comparison[] = [];
  for (const [name, ours] of [
    ['bundle verify, a fresh process', child],
    ['bundle verify, within a process', inside],
  ] as const) {
    const times: { ours: number; rival: number }[] = [];
    for (let round = 0; round <= rounds; round++) times.push({ ours: await timed(ours), rival: await timed(rival) });
    // The first round brings everything into memory.
    const [mine, theirs] = (['ours', 'rival'] as const).map((one) => median(times.slice(1).map((time) => time[one])));
    rows.push({ name, ours: mine ?? 0, rival: theirs ?? 0, ratio: (theirs ?? 0) / (mine ?? 1) });
  }
  return rows;
}

async function verified(place: string): Promise<void> {
  const { problems } = await verifyBundle(place, { trusted: [] });
  if (problems.length > 0) throw new Error(`${problems.length} files differ`);
}

function run(program: string, words: readonly string[]): void {
  const { status, stderr } = spawnSync(program, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
}

async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

const [place] = process.argv.slice(2);
if (import.meta.main && place !== undefined) await verified(place);
else if (import.meta.main) console.table(await bundleVerifyFigures());
