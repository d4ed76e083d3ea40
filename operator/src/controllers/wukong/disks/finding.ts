import type { Verdict } from '../plan.ts';

/** Why VolumesBound is false, gravest first. */
const gravity = [
  'NameConflict',
  'MissingDependency',
  'StorageClassNotFound',
  'ClaimNotFound',
  'ImportFailed',
  'Importing',
  'Provisioning',
  'WaitingForConsumer',
  'ExpansionUnsupported',
  'Expanding',
] as const;

/** What is to be told of one disk that is not as it should be. */
export interface Finding {
  readonly reason: (typeof gravity)[number];
  readonly message: string;
}

export function finding(reason: Finding['reason'], message: string): Finding {
  return { reason, message };
}

/** VolumesBound: the gravest reason, and a sentence for each disk that has one. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  const reason = gravity.find((one) => findings.some((found) => found.reason === one));
  if (reason === undefined)
    return { status: 'True', reason: 'VolumesReady', message: 'every disk is there and filled' };
  return { status: 'False', reason, message: findings.map(({ message }) => message).join('; ') };
}
