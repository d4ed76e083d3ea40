import type { Json } from '#kube/json';
import type { Transport } from '#kube/transport';
import type { Time } from './time.ts';

export interface Election {
  readonly transport: Transport;
  readonly time: Time;
  readonly namespace: string;
  readonly name: string;
  /** Unique for each process: pod name and a random part. */
  readonly identity: string;
  /** Aborts: gives the lease back and ends. */
  readonly signal: AbortSignal;
  /** Runs while this process leads; its signal aborts when the lead is lost. */
  lead(signal: AbortSignal): Promise<void>;
}

const leaseSeconds = 15;
const renewEvery = 5_000;
const giveUpAfter = 10_000;

/**
 * Leads when nobody else does, by a coordination.k8s.io Lease. Another holder counts as gone when its record has not
 * changed for the lease's time by *our* clock since we first saw it: clocks of two machines are never compared.
 * Ends when `lead` ends, when the lead is lost, or when the signal aborts.
 */
export async function elect(election: Election): Promise<'done' | 'lost'> {
  const { time, signal } = election;
  const seen = { version: '', since: 0 };
  while (!signal.aborted) {
    const lease = await acquire(election, seen).catch(() => undefined);
    if (lease !== undefined) return leading(election, lease);
    await time.sleep(renewEvery, signal).catch(() => {});
  }
  return 'done';
}

async function leading(election: Election, lease: Json): Promise<'done' | 'lost'> {
  const { time, signal } = election;
  const lost = new AbortController();
  const work = election.lead(AbortSignal.any([signal, lost.signal])).finally(() => lost.abort());
  const renewing = renew(election, lease, AbortSignal.any([signal, lost.signal])).then((kept) => {
    if (!kept) lost.abort(new Error('the lead is lost'));
    return kept;
  });
  await work;
  const kept = await renewing;
  if (!signal.aborted || !kept) return kept ? 'done' : 'lost';
  await release(election).catch(() => {});
  await time.sleep(0).catch(() => {});
  return 'done';
}

/** True when it ended because it was told to; false when the lease could not be kept. */
async function renew(election: Election, lease: Json, signal: AbortSignal): Promise<boolean> {
  const { time } = election;
  let current = lease;
  let last = time.elapsed();
  while (!signal.aborted) {
    await time.sleep(renewEvery, signal).catch(() => {});
    if (signal.aborted) return true;
    // A timer that fires late must not renew what has already run out.
    if (time.elapsed() - last > leaseSeconds * 1000) return false;
    const renewed = await put(election, current, record(election, current)).catch(() => undefined);
    if (renewed !== undefined) {
      current = renewed;
      last = time.elapsed();
    } else if (time.elapsed() - last > giveUpAfter) return false;
  }
  return true;
}

async function acquire(election: Election, seen: { version: string; since: number }): Promise<Json | undefined> {
  const found = await election.transport.request({
    method: 'GET',
    path: objectPath(election),
    signal: election.signal,
  });
  if (found.status === 404) return create(election);
  if (found.status !== 200) return undefined;
  const lease: Json = found.body;
  if (lease.metadata.resourceVersion !== seen.version) {
    seen.version = lease.metadata.resourceVersion;
    seen.since = election.time.elapsed();
  }
  const holder: string = lease.spec?.holderIdentity ?? '';
  const expired = election.time.elapsed() - seen.since > (lease.spec?.leaseDurationSeconds ?? leaseSeconds) * 1000;
  if (holder !== '' && holder !== election.identity && !expired) return undefined;
  return put(election, lease, record(election, lease));
}

async function create(election: Election): Promise<Json | undefined> {
  const { namespace, name } = election;
  const body = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { namespace, name },
    spec: record(election, {}),
  };
  const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  const made = await election.transport.request({ method: 'POST', path, body, signal: election.signal });
  return made.status === 201 ? made.body : undefined;
}

async function put(election: Election, lease: Json, spec: Json): Promise<Json | undefined> {
  const answer = await election.transport.request({
    method: 'PUT',
    path: objectPath(election),
    body: { ...lease, spec },
  });
  return answer.status === 200 ? answer.body : undefined;
}

async function release(election: Election): Promise<void> {
  const found = await election.transport.request({ method: 'GET', path: objectPath(election) });
  const lease: Json = found.body;
  if (found.status !== 200 || lease.spec?.holderIdentity !== election.identity) return;
  await put(election, lease, { ...lease.spec, holderIdentity: '' });
}

function record({ identity, time }: Election, lease: Json): Json {
  const isOurs = lease.spec?.holderIdentity === identity;
  const now = microTime(time.now());
  return {
    holderIdentity: identity,
    leaseDurationSeconds: leaseSeconds,
    acquireTime: isOurs ? lease.spec.acquireTime : now,
    renewTime: now,
    leaseTransitions: (lease.spec?.leaseTransitions ?? 0) + (isOurs || lease.spec === undefined ? 0 : 1),
  };
}

/** Kubernetes' MicroTime wants six digits of a second. */
function microTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.(\d{3})Z$/, '.$1000Z');
}

function objectPath({ namespace, name }: Election): string {
  return `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${name}`;
}
