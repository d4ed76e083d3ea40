import type { Json } from '#kube/json';
import { StatusError } from '#kube/status-error';
import type { Request, Transport } from '#kube/transport';
import { microTime } from './micro-time.ts';
import type { Time } from './time.ts';

/** Who claims which Lease. */
export interface Claim {
  readonly transport: Transport;
  readonly time: Time;
  readonly namespace: string;
  readonly name: string;
  /** Unique for each process: pod name and a random part. */
  readonly identity: string;
}

/** The record that was seen last. */
export interface Sighting {
  version: string;
  /** Nobody: ''. */
  holder: string;
  /** Since when it has been as it is, by our own clock. */
  since: number;
  /** Milliseconds that it counts for. */
  lasts: number;
}

export function nothingSeen(): Sighting {
  return { version: '', holder: '', since: 0, lasts: 0 };
}

/** Takes in a Lease as the server shows it. */
export function see(seen: Sighting, lease: Json, elapsed: number): void {
  const version: string = lease.metadata.resourceVersion;
  if (version === seen.version) return;
  seen.version = version;
  seen.since = elapsed;
  seen.holder = lease.spec?.holderIdentity ?? '';
  seen.lasts = (lease.spec?.leaseDurationSeconds ?? leaseSeconds) * 1000;
}

/** How long somebody else's record still counts; not at all when it is nobody's or ours. */
export function timeLeft(seen: Sighting, { identity, time }: Claim): number {
  if (seen.holder === '' || seen.holder === identity) return Number.NEGATIVE_INFINITY;
  return seen.since + seen.lasts - time.elapsed();
}

const leaseSeconds = 15;

/** `unclear`: the server did not say, or somebody else wrote at the same time. */
export type Holding = 'ours' | 'theirs' | 'unclear';

/** Takes the lease, or renews it where it is ours already. */
export async function claimLease(claim: Claim, seen: Sighting, signal: AbortSignal): Promise<Holding> {
  const { transport, time } = claim;
  const found = await transport.request({ method: 'GET', path: objectPath(claim), signal });
  // Whoever holds a lease that somebody has deleted does not know that yet, and makes it again.
  if (found.status === 404) return timeLeft(seen, claim) >= 0 ? 'theirs' : create(claim, signal);
  if (found.status !== 200) throw new StatusError(found, `GET ${objectPath(claim)}`);
  const lease: Json = found.body;
  see(seen, lease, time.elapsed());
  if (timeLeft(seen, claim) >= 0) return 'theirs';
  return put(claim, lease, record(claim, lease), signal);
}

/** Gives the lease back, so that nobody has to wait until it runs out. A renewal may still be under way: twice. */
export async function releaseLease(claim: Claim, signal: AbortSignal): Promise<void> {
  for (let attempts = 0; attempts < 2; attempts++) {
    const found = await claim.transport.request({ method: 'GET', path: objectPath(claim), signal });
    const lease: Json = found.body;
    if (found.status !== 200 || lease.spec?.holderIdentity !== claim.identity) return;
    if ((await put(claim, lease, { ...lease.spec, holderIdentity: '' }, signal)) === 'ours') return;
  }
}

async function create(claim: Claim, signal: AbortSignal): Promise<Holding> {
  const { namespace, name } = claim;
  const path = collectionPath(claim);
  const body = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { namespace, name },
    spec: record(claim, {}),
  };
  return written(claim, { method: 'POST', path, body, signal });
}

/** The version that was read goes along: of two that write at once, one is refused. */
function put(claim: Claim, lease: Json, spec: Json, signal: AbortSignal): Promise<Holding> {
  return written(claim, { method: 'PUT', path: objectPath(claim), body: { ...lease, spec }, signal });
}

async function written({ transport }: Claim, request: Request): Promise<Holding> {
  const response = await transport.request(request);
  if (response.status < 300) return 'ours';
  // Somebody else wrote at the same time, or took it away: the next look tells.
  if (response.status === 409 || response.status === 404) return 'unclear';
  throw new StatusError(response, `${request.method} ${request.path}`);
}

function record({ identity, time }: Claim, lease: Json): Json {
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

export function collectionPath({ namespace }: Claim): string {
  return `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
}

function objectPath(claim: Claim): string {
  return `${collectionPath(claim)}/${claim.name}`;
}
