import { type Claim, claimLease, type Holding, releaseLease, type Sighting } from './lease.ts';
import type { Time } from './time.ts';

/** Who wants to lead, and what leading is. */
export interface Election extends Claim {
  /** Aborts: the lead is given back once `lead` has ended. */
  readonly signal: AbortSignal;
  /** Runs while this process leads; its signal aborts when the lead is lost. */
  lead(signal: AbortSignal): Promise<void>;
  /** Told why the server could not be asked. */
  trouble?(error: unknown): void;
}

/** How often somebody who waits looks, and how soon a failed renewal is tried again. */
const lookEvery = 2_000;
const renewEvery = 5_000;
/** Shorter than the lease, so that a leader without an API server has ended before anybody can follow it. */
const giveUpAfter = 10_000;

/**
 * Leads when nobody else does, by a coordination.k8s.io Lease. Another holder counts as gone when its record has not
 * changed for the lease's time by *our* clock since we first saw it: clocks of two machines are never compared.
 * Ends when `lead` ends, when the lead is lost, or when the signal aborts.
 */
export async function elect(election: Election): Promise<'done' | 'lost'> {
  const { time, signal } = election;
  const seen: Sighting = { version: '', since: 0 };
  while (!signal.aborted) {
    const began = time.elapsed();
    if ((await attempt(election, seen, giveUpAfter)) === 'ours') return leading(election, seen, began);
    await time.sleep(lookEvery, signal).catch(() => {});
  }
  return 'done';
}

async function leading(election: Election, seen: Sighting, began: number): Promise<'done' | 'lost'> {
  const lost = new AbortController();
  const over = new AbortController();
  const work = election.lead(AbortSignal.any([election.signal, lost.signal])).finally(() => over.abort());
  // The lease is also kept while what is under way comes to its end.
  const end = await Promise.race([
    work.then(() => 'done' as const),
    renewUntilLost(election, seen, began, over.signal),
  ]);
  if (end === 'lost') {
    lost.abort(new Error('the lead is lost'));
    // What the work makes of that changes nothing any more.
    work.catch(() => {});
    return 'lost';
  }
  await releaseLease(election).catch(() => {});
  return 'done';
}

/** Settles when the lease could not be kept, or never: then somebody else has ended the lead. */
async function renewUntilLost(election: Election, seen: Sighting, began: number, over: AbortSignal): Promise<'lost'> {
  const { time } = election;
  let last = began;
  let pause = renewEvery;
  for (;;) {
    await time.sleep(pause, over).catch(() => {});
    if (over.aborted) return new Promise(() => {});
    const left = giveUpAfter - (time.elapsed() - last);
    // A timer that fires late must not renew what has already run out.
    if (left <= 0) return 'lost';
    const started = time.elapsed();
    const holding = await attempt(election, seen, left);
    if (holding === 'theirs') return 'lost';
    if (holding === 'ours') last = started;
    pause = holding === 'ours' ? renewEvery : Math.min(lookEvery, Math.max(0, giveUpAfter - (time.elapsed() - last)));
  }
}

/** Takes or keeps the lease; no answer in time is none. */
async function attempt(election: Election, seen: Sighting, patience: number): Promise<Holding> {
  const stop = new AbortController();
  const claiming = claimLease(election, seen, stop.signal).catch((error: unknown) => {
    if (!stop.signal.aborted) election.trouble?.(error);
    return 'unclear' as const;
  });
  const holding = await Promise.race([claiming, unclearAfter(election.time, patience, stop.signal)]);
  stop.abort();
  return holding;
}

async function unclearAfter(time: Time, patience: number, signal: AbortSignal): Promise<Holding> {
  await time.sleep(patience, signal).catch(() => {});
  return 'unclear';
}
