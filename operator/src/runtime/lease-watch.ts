import { type Claim, collectionPath, type Sighting, see, timeLeft } from './lease.ts';

/** Where the lease cannot be watched, it is looked at this often. */
const lookEvery = 2_000;

/**
 * Settles when somebody else's lease may be free: given back, run out by our own clock, or when it is time to look
 * because no stream tells of it. A lease that was deleted is not free: its holder makes it again.
 */
export async function untilFree(claim: Claim, seen: Sighting, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  try {
    await Promise.race([untilRunOut(claim, seen, either), untilReleased(claim, seen, either)]);
  } finally {
    over.abort();
  }
}

async function untilRunOut(claim: Claim, seen: Sighting, signal: AbortSignal): Promise<void> {
  for (let left = timeLeft(seen, claim); left >= 0 && !signal.aborted; left = timeLeft(seen, claim)) {
    await claim.time.sleep(left + 1, signal).catch(() => {});
  }
}

async function untilReleased(claim: Claim, seen: Sighting, signal: AbortSignal): Promise<void> {
  const { transport, time } = claim;
  const query = { fieldSelector: `metadata.name=${claim.name}`, resourceVersion: seen.version, timeoutSeconds: '600' };
  try {
    for await (const { type, object } of transport.watch(collectionPath(claim), query, signal)) {
      if (type === 'ERROR') break;
      if (type !== 'ADDED' && type !== 'MODIFIED') continue;
      see(seen, object, time.elapsed());
      if (timeLeft(seen, claim) < 0) return;
    }
  } catch {
    // Who asks for the lease next learns what is the matter, and tells it.
  }
  await time.sleep(lookEvery, signal).catch(() => {});
}
