import type { Json } from '#kube/json';

/** What a DataVolume says about itself. */
export interface VolumeNews {
  readonly phase: string;
  readonly progress?: string;
  readonly bound?: Json;
  readonly running?: Json;
  readonly restarts?: number;
}

const notBound = (name: string) => ({ status: 'False', reason: 'Pending', message: `PVC ${name} Pending` });

export const isBound = (name: string) => ({ status: 'True', reason: 'Bound', message: `PVC ${name} Bound` });

function condition(before: readonly Json[], type: string, claim: Json, now: string): Json {
  const old = before.find((one) => one.type === type);
  const same =
    old !== undefined && old.status === claim.status && old.reason === claim.reason && old.message === claim.message;
  if (same) return old;
  const moved = old === undefined || old.status !== claim.status;
  return { type, ...claim, lastHeartbeatTime: now, lastTransitionTime: moved ? now : old.lastTransitionTime };
}

/** The whole status, with conditions Bound, Ready and Running as CDI keeps them. */
export function volumeStatus(volume: Json, news: VolumeNews, now: string): Json {
  const { name } = volume.metadata;
  const before: readonly Json[] = volume.status?.conditions ?? [];
  const done = news.phase === 'Succeeded';
  const ready = done
    ? { status: 'True' }
    : { status: 'False', ...(news.phase.endsWith('InProgress') && { reason: 'TransferRunning' }) };
  return {
    phase: news.phase,
    progress: news.progress ?? volume.status?.progress ?? 'N/A',
    claimName: name,
    restartCount: news.restarts ?? volume.status?.restartCount ?? 0,
    conditions: [
      condition(before, 'Bound', news.bound ?? notBound(name), now),
      condition(before, 'Ready', ready, now),
      condition(before, 'Running', news.running ?? { status: 'False' }, now),
    ],
  };
}
