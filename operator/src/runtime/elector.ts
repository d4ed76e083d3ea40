import { type Claim, claimLease, type Holding, nothingSeen, releaseLease, type Sighting } from './lease.ts';
import { untilFree } from './lease-watch.ts';
import { leadLasts, type Standing } from './standing.ts';
import type { Time } from './time.ts';

/** Who wants to lead, and what leading is. */
export interface Election extends Claim {
  /** Aborts: the lead is given back once `lead` has ended. */
  readonly signal: AbortSignal;
  /** Runs while this process leads; its signal aborts when the lead is lost. */
  lead(signal: AbortSignal): Promise<void>;
  /** Kept up to date, for those who must know whether this process still leads. */
  readonly standing?: Standing;
  /** Told why the server could not be asked. */
  trouble?(error: unknown): void;
}

/** How soon one who has got no answer asks again, and how often the lease is renewed. */
const askEvery = 2_000;
const renewEvery = 5_000;
const releaseIn = 2_000;

/**
 * Leads when nobody else does, by a coordination.k8s.io Lease. Another holder counts as gone when its record has not
 * changed for the lease's time by *our* clock since we first saw it: clocks of two machines are never compared.
 * Ends when `lead` ends, when the lead is lost, or when the signal aborts.
 */
export async function elect(election: Election): Promise<'done' | 'lost'> {
  const { time, signal } = election;
  const seen = nothingSeen();
  while (!signal.aborted) {
    const began = time.elapsed();
    const holding = await attempt(election, seen, leadLasts);
    if (holding === 'ours') return leading(election, seen, began);
    if (holding === 'theirs') await untilFree(election, seen, signal);
    else await time.sleep(askEvery, signal).catch(() => {});
  }
  return 'done';
}

/** Leads without asking anybody, for who knows that there is no other. */
export async function leadAlone({
  signal,
  standing,
  lead,
}: Pick<Election, 'signal' | 'standing' | 'lead'>): Promise<'done'> {
  confirm(standing, Number.POSITIVE_INFINITY);
  await lead(signal).finally(() => resign(standing));
  return 'done';
}

async function leading(election: Election, seen: Sighting, began: number): Promise<'done' | 'lost'> {
  const lost = new AbortController();
  const over = new AbortController();
  confirm(election.standing, began);
  const work = election.lead(AbortSignal.any([election.signal, lost.signal])).finally(() => {
    resign(election.standing);
    over.abort();
  });
  // The lease is also kept while what is under way comes to its end.
  const end = await Promise.race([
    work.then(() => 'done' as const),
    renewUntilLost(election, seen, began, over.signal),
  ]);
  if (end === 'lost') {
    resign(election.standing);
    lost.abort(new Error('the lead is lost'));
    // What the work makes of that changes nothing any more.
    work.catch(() => {});
    return 'lost';
  }
  await released(election);
  return 'done';
}

/** Who cannot give the lease back soon lets it run out: the end of a process must not wait for a server that is away. */
async function released(election: Election): Promise<void> {
  const stop = new AbortController();
  const releasing = releaseLease(election, stop.signal).catch(() => {});
  await Promise.race([releasing, election.time.sleep(releaseIn, stop.signal).catch(() => {})]);
  stop.abort();
}

/** Settles when the lease could not be kept, or never: then somebody else has ended the lead. */
async function renewUntilLost(election: Election, seen: Sighting, began: number, over: AbortSignal): Promise<'lost'> {
  const { time } = election;
  let last = began;
  let pause = renewEvery;
  for (;;) {
    await time.sleep(pause, over).catch(() => {});
    if (over.aborted) return new Promise(() => {});
    const left = leadLasts - (time.elapsed() - last);
    // A timer that fires late must not renew what has already run out.
    if (left <= 0) return 'lost';
    const started = time.elapsed();
    const holding = await attempt(election, seen, left);
    if (holding === 'theirs') return 'lost';
    if (holding === 'ours') confirm(election.standing, (last = started));
    pause = holding === 'ours' ? renewEvery : Math.min(askEvery, Math.max(0, leadLasts - (time.elapsed() - last)));
  }
}

function confirm(standing: Standing | undefined, elapsed: number): void {
  if (standing !== undefined) Object.assign(standing, { leading: true, renewed: elapsed });
}

function resign(standing: Standing | undefined): void {
  if (standing !== undefined) standing.leading = false;
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
