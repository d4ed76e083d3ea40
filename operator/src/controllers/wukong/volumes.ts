import type { Condition, VolumeStatus } from '../../api/wukong.ts';
import type { Observed } from './observe.ts';

/** One disk as its claim and its DataVolume have it; never as the specification wishes it. */
export function volumeOf(name: string, pvcName: string, { claims, dataVolumes }: Observed): VolumeStatus {
  const claim = claims.get(name)?.['status'];
  const filled = dataVolumes.get(name)?.['status'];
  const capacity: string | undefined = claim?.capacity?.storage;
  return {
    name,
    pvcName,
    bound: claim?.phase === 'Bound',
    ...(filled?.phase === undefined ? {} : { phase: filled.phase }),
    ...(filled?.progress === undefined ? {} : { progress: filled.progress }),
    ...(capacity === undefined ? {} : { capacity }),
  };
}

interface Bound {
  /** Names of the disks that are not ready. */
  readonly open: readonly string[];
  readonly claim: Pick<Condition, 'status' | 'reason' | 'message'>;
}

/** Whether every disk is there and filled; the reason is the gravest of the disks that are not. */
export function volumesBound(volumes: readonly VolumeStatus[]): Bound {
  const open = volumes.filter(({ bound, phase = 'Succeeded' }) => !bound || phase !== 'Succeeded');
  const all = `${volumes.length} of ${volumes.length} disks ready`;
  if (open.length === 0) return { open: [], claim: { status: 'True', reason: 'VolumesReady', message: all } };
  const reasons = open.map(reasonOf);
  const told = open.map((volume) => `${volume.name} (${volume.phase ?? 'not bound'})`).join(', ');
  return {
    open: open.map((volume) => volume.name),
    claim: {
      status: 'False',
      reason: gravest.find((reason) => reasons.includes(reason)) ?? 'Provisioning',
      message: `waiting for ${told}`,
    },
  };
}

const gravest = ['ImportFailed', 'WaitingForConsumer', 'Importing', 'Provisioning'];

function reasonOf({ phase = '' }: VolumeStatus): string {
  if (phase === 'Failed') return 'ImportFailed';
  if (phase === 'WaitForFirstConsumer' || phase === 'PendingPopulation') return 'WaitingForConsumer';
  return phase.startsWith('Import') ? 'Importing' : 'Provisioning';
}
