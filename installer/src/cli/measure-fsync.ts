import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '#adapters/system-clock';
import { Fault } from '#engine/fault';
import type { Call } from './call.ts';

/** What etcd writes to its log at once, roughly. */
const bytes = 2300;
/** Enough for a 99th percentile, and an end on a disk that takes a second for each. */
const atMost = 20_000;

/** `novasphere measure-fsync DIRECTORY`: one line of JSON on stdout, whatever `--output` says; read by a preflight step. */
export async function measureFsync({ words, options, terminal }: Call): Promise<number> {
  const [directory = '.'] = words;
  const spans = measured(directory, options.number('writes') ?? 500).toSorted((one, other) => one - other);
  const at = (share: number) => rounded(spans[Math.min(spans.length - 1, Math.ceil(spans.length * share) - 1)] ?? 0);
  const result = {
    version: 1,
    directory,
    writes: spans.length,
    p50Milliseconds: at(0.5),
    p99Milliseconds: at(0.99),
    maxMilliseconds: at(1),
  };
  terminal.raw(`${JSON.stringify(result)}\n`);
  return 0;
}

/** Milliseconds of each write until it was durable. The first is left out: it also makes the file. */
function measured(directory: string, writes: number): readonly number[] {
  const clock = systemClock();
  const scratch = made(directory);
  try {
    const file = openSync(join(scratch, 'log'), 'w', 0o600);
    const block = Buffer.alloc(bytes, 'novasphere ');
    const spans: number[] = [];
    const began = clock.elapsed();
    for (let index = 0; index <= writes && clock.elapsed() - began < atMost; index++) {
      const before = clock.elapsed();
      writeSync(file, block);
      fdatasyncSync(file);
      if (index > 0) spans.push(clock.elapsed() - before);
    }
    closeSync(file);
    return spans;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function made(directory: string): string {
  try {
    return mkdtempSync(join(directory, '.novasphere-fsync-'));
  } catch (error) {
    throw new Fault({
      code: 'HOST-FILE',
      message: `the speed of ${directory} cannot be measured, because no file can be made there`,
      cause: error,
      where: [`directory ${directory}`],
      remedy: [`ls -ld ${directory}`, 'run the command as root'],
    });
  }
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
