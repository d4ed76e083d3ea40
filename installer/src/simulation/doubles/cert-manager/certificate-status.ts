import type { Json } from '#kube/json';

const DAY = 86_400_000;

export function sameCondition(old: Json, fresh: Json): boolean {
  return (
    old !== undefined &&
    old.status === fresh.status &&
    old.reason === fresh.reason &&
    (old.message ?? '') === (fresh.message ?? '')
  );
}

function condition(certificate: Json, type: string, fresh: Json, now: string): Json {
  return { type, ...fresh, observedGeneration: certificate.metadata.generation, lastTransitionTime: now };
}

/** While the Secret is being made. */
export function issuingStatus(certificate: Json, now: string): Json {
  const message = 'Issuing certificate as Secret does not exist';
  return {
    conditions: [
      condition(certificate, 'Issuing', { status: 'True', reason: 'DoesNotExist', message }, now),
      condition(certificate, 'Ready', { status: 'False', reason: 'DoesNotExist', message }, now),
    ],
  };
}

/** Times of a certificate: ninety days unless asked otherwise, renewed when a third is left. */
export function lifetimeOf(certificate: Json, nowMilliseconds: number) {
  const hours = Number(/^([0-9]+)h/.exec(certificate.spec.duration ?? '')?.[1] ?? 90 * 24);
  const length = hours * (DAY / 24);
  const at = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`;
  return {
    notBefore: at(nowMilliseconds),
    notAfter: at(nowMilliseconds + length),
    renewalTime: at(nowMilliseconds + (length * 2) / 3),
  };
}

export function readyStatus(certificate: Json, now: string, lifetime: Json, revision: number): Json {
  const message = 'Certificate is up to date and has not expired';
  return {
    conditions: [condition(certificate, 'Ready', { status: 'True', reason: 'Ready', message }, now)],
    ...lifetime,
    revision,
  };
}

/** What a certificate request says: approved, and issued or still pending. */
export function requestConditions(now: string, pending: string | undefined): readonly Json[] {
  const approved = {
    type: 'Approved',
    status: 'True',
    reason: 'cert-manager.io',
    message: 'Certificate request has been approved by cert-manager.io',
  };
  const issued = {
    type: 'Ready',
    status: 'True',
    reason: 'Issued',
    message: 'Certificate fetched from issuer successfully',
  };
  const waits = { type: 'Ready', status: 'False', reason: 'Pending', message: pending };
  return [approved, pending === undefined ? issued : waits].map((one) => ({ ...one, lastTransitionTime: now }));
}
