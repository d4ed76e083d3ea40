import type { Json } from '#kube/json';
import type { Transport } from '#kube/transport';
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

/** The record that was seen last, and since when it has been as it is, by our own clock. */
export interface Sighting {
  version: string;
  since: number;
}

const leaseSeconds = 15;

/** `unclear`: the server did not say, or somebody else wrote at the same time. */
export type Holding = 'ours' | 'theirs' | 'unclear';

/** Takes the lease, or renews it where it is ours already. */
export async function claimLease(claim: Claim, seen: Sighting, signal: AbortSignal): Promise<Holding> {
  const { transport, time, identity } = claim;
  const found = await transport.request({ method: 'GET', path: objectPath(claim), signal });
  if (found.status === 404) return create(claim, signal);
  if (found.status !== 200) return 'unclear';
  const lease: Json = found.body;
  if (lease.metadata.resourceVersion !== seen.version) {
    seen.version = lease.metadata.resourceVersion;
    seen.since = time.elapsed();
  }
  const holder: string = lease.spec?.holderIdentity ?? '';
  const hasExpired = time.elapsed() - seen.since > (lease.spec?.leaseDurationSeconds ?? leaseSeconds) * 1000;
  if (holder !== '' && holder !== identity && !hasExpired) return 'theirs';
  return put(claim, lease, record(claim, lease), signal);
}

/** Gives the lease back, so that nobody has to wait until it runs out. */
export async function releaseLease(claim: Claim): Promise<void> {
  const found = await claim.transport.request({ method: 'GET', path: objectPath(claim) });
  const lease: Json = found.body;
  if (found.status !== 200 || lease.spec?.holderIdentity !== claim.identity) return;
  await put(claim, lease, { ...lease.spec, holderIdentity: '' });
}

async function create(claim: Claim, signal: AbortSignal): Promise<Holding> {
  const { namespace, name } = claim;
  const body = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { namespace, name },
    spec: record(claim, {}),
  };
  const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  const { status } = await claim.transport.request({ method: 'POST', path, body, signal });
  return status === 201 ? 'ours' : 'unclear';
}

/** The version that was read goes along: of two that write at once, one is refused. */
async function put(claim: Claim, lease: Json, spec: Json, signal?: AbortSignal): Promise<Holding> {
  const { status } = await claim.transport.request({
    method: 'PUT',
    path: objectPath(claim),
    body: { ...lease, spec },
    ...(signal === undefined ? {} : { signal }),
  });
  return status === 200 ? 'ours' : 'unclear';
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

/** Kubernetes' MicroTime wants six digits of a second. */
function microTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.(\d{3})Z$/, '.$1000Z');
}

function objectPath({ namespace, name }: Claim): string {
  return `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${name}`;
}
