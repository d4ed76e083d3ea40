import { abortOf } from './abort.ts';
import type { Running } from './controller.ts';
import type { Time } from './time.ts';

/** What runs while this process leads. */
export interface Leading {
  readonly time: Time;
  /** Aborts when the lead is lost, and when the process is told to stop. */
  readonly signal: AbortSignal;
  /** Aborts only when the process is told to stop. */
  readonly told: AbortSignal;
  /** Controllers, and whatever else writes. */
  readonly work: readonly { run(running: Running): Promise<void> }[];
}

/** How long what is under way may take to end; the node gives a pod 30 s. */
const drain = 25_000;

/**
 * What is told to stop still finishes what it is at, within 25 s; what has lost the lead does not get another word in.
 */
export async function lead({ time, signal, told, work }: Leading): Promise<void> {
  const fence = new AbortController();
  const runs = Promise.all(work.map((one) => one.run({ stop: signal, fence: fence.signal })));
  try {
    // What fails before anybody tells it to stop ends the lead, and with it the process.
    await Promise.race([runs.then(() => abortOf(signal)), abortOf(signal)]);
    if (told.aborted) await Promise.race([runs, time.sleep(drain, fence.signal).catch(() => {})]);
  } finally {
    fence.abort(new Error('the lead has ended'));
  }
  await runs;
}
