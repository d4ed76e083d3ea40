import { Fault } from '#engine/fault';
import type { TransferEvent, Watch } from './watch.ts';

export interface Job {
  /** What the user knows it by. */
  readonly name: string;
  /** Bytes; 0 when nobody knows. */
  readonly size: number;
  run(watch: Required<Watch>): Promise<unknown>;
}

export type FetchEvent =
  | { readonly kind: 'began'; readonly name: string }
  | ({ readonly name: string } & TransferEvent)
  | { readonly kind: 'ended'; readonly name: string; readonly outcome: 'done' | 'failed' | 'stopped' };

export interface FetchAllOptions {
  /** Jobs at the same time; default 4. */
  readonly atOnce?: number;
  readonly signal?: AbortSignal;
  readonly tell?: (event: FetchEvent) => void;
}

interface Failed {
  readonly name: string;
  readonly fault: unknown;
}

/**
 * Runs all jobs, the largest first. One that fails stops none of the others, but a full disk stops all; in the end one
 * Fault tells everything that failed. An abort rejects with its reason as soon as everything under way has let go.
 */
export async function fetchAll(jobs: readonly Job[], options: FetchAllOptions = {}): Promise<void> {
  const { atOnce = 4, signal, tell = () => undefined } = options;
  const full = new AbortController();
  const stop = signal === undefined ? full.signal : AbortSignal.any([signal, full.signal]);
  const waiting = jobs.toSorted((a, b) => b.size - a.size || (a.name < b.name ? -1 : 1));
  const failed: Failed[] = [];
  const work = async () => {
    while (!stop.aborted) {
      const job = waiting.shift();
      if (job === undefined) return;
      const fault = await run(job, stop, tell);
      if (fault !== undefined) failed.push({ name: job.name, fault });
      if (fault instanceof Fault && fault.code === 'HOST-DISK-FULL') full.abort(fault);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, jobs.length) }, work));
  signal?.throwIfAborted();
  const [first, ...others] = failed;
  if (first !== undefined) throw together(first, others, waiting.length);
}

/** What a job failed with; undefined when it is done, or was stopped. */
async function run(job: Job, signal: AbortSignal, tell: (event: FetchEvent) => void): Promise<unknown> {
  const { name } = job;
  tell({ kind: 'began', name });
  try {
    await job.run({ signal, tell: (event) => tell({ name, ...event }) });
    tell({ kind: 'ended', name, outcome: 'done' });
    return undefined;
  } catch (fault) {
    tell({ kind: 'ended', name, outcome: signal.aborted ? 'stopped' : 'failed' });
    return signal.aborted ? undefined : fault;
  }
}

/** The first failure whole, the others by name; what is no Fault is a mistake of ours, and goes first as it is. */
function together(first: Failed, others: readonly Failed[], notBegun: number): unknown {
  const mistake = [first, ...others].find(({ fault }) => !(fault instanceof Fault));
  if (mistake !== undefined) return mistake.fault;
  const fault = first.fault as Fault;
  if (others.length === 0 && notBegun === 0) return fault;
  const also = others.map((other) => `${other.name} failed as well: ${(other.fault as Fault).message}`);
  const rest = notBegun === 0 ? [] : [`not begun: ${notBegun}`];
  const { code, message, cause, where, evidence, remedy } = fault;
  const about = { code, message, where, remedy, evidence: [...evidence, ...also, ...rest] };
  return new Fault(cause === undefined ? about : { ...about, cause });
}
