import type { Json } from '#kube/json';
import { isTrue } from '../status.ts';
import { restartRequired } from './restart-required.ts';
import { runStrategy } from './vm-run-strategy.ts';
import { claimNames, type Storage } from './vm-storage.ts';

/** The one word of `kubectl get vm`: what a virtual machine is up to. */
export function printableStatus(machine: Json, instance: Json, storage: Storage): string {
  if (machine.metadata.deletionTimestamp !== undefined) return 'Terminating';
  if (instance === undefined) return withoutInstance(machine, storage);
  if (instance.metadata.deletionTimestamp !== undefined) return 'Stopping';
  const phase = instance.status?.phase;
  if (phase === 'Running') return isTrue(instance, 'Paused') ? 'Paused' : 'Running';
  if (phase === 'Succeeded' || phase === 'Failed') return 'Stopped';
  if (storage.state === 'missing') return 'ErrorPvcNotFound';
  if (storage.state === 'unbound') return 'WaitingForVolumeBinding';
  return trouble(instance) ?? 'Starting';
}

function withoutInstance(machine: Json, storage: Storage): string {
  if (storage.state === 'failed') return 'DataVolumeError';
  if (storage.state === 'provisioning' && runStrategy(machine) !== 'Halted') return 'Provisioning';
  return 'Stopped';
}

function trouble(instance: Json): string | undefined {
  const conditions: readonly Json[] = instance.status?.conditions ?? [];
  if (conditions.some((one) => one.type === 'PodScheduled' && one.reason === 'Unschedulable'))
    return 'ErrorUnschedulable';
  const pull = conditions.find((one) => one.type === 'Synchronized' && one.status === 'False');
  return ['ErrImagePull', 'ImagePullBackOff'].find((word) => pull?.reason === word);
}

function readiness(machine: Json, instance: Json, now: string): Json {
  const source = (instance?.status?.conditions ?? []).find((one: Json) => one.type === 'Ready');
  const { status, reason, message } = readyClaim(instance, source);
  const old = (machine.status?.conditions ?? []).find((one: Json) => one.type === 'Ready');
  if (old?.status === status && old?.reason === reason) return old;
  return { type: 'Ready', status, ...(reason && { reason, message }), lastProbeTime: now, lastTransitionTime: now };
}

function readyClaim(instance: Json, source: Json): Json {
  if (instance === undefined) return { status: 'False', reason: 'VMINotExists', message: 'VMI does not exist' };
  return source ?? { status: 'False', reason: 'VMIConditionMissing', message: 'VMI is missing the Ready condition' };
}

/** Which disks could be part of a snapshot: claims of a class that has snapshots, which nothing here looks up. */
function snapshotStatuses(machine: Json): readonly Json[] {
  const volumes: readonly Json[] = machine.spec.template.spec.volumes ?? [];
  const claims = new Set(claimNames(machine.spec.template.spec).map((one) => one.volume));
  return volumes.map(({ name }) => {
    const reason = claims.has(name) ? 'No VolumeSnapshotClass' : 'Snapshot is not supported for this volumeSource type';
    return { enabled: false, name, reason: `${reason}${claims.has(name) ? `: volume [${name}]` : ` [${name}]`}` };
  });
}

/** The whole status of a virtual machine. Fields that are null are to be taken away. */
export function machineStatus(machine: Json, instance: Json, storage: Storage, now: string): Json {
  const ready = readiness(machine, instance, now);
  const others = (instance?.status?.conditions ?? []).filter((one: Json) =>
    ['LiveMigratable', 'StorageLiveMigratable', 'AgentConnected', 'Paused'].includes(one.type),
  );
  const exists = instance !== undefined;
  return {
    printableStatus: printableStatus(machine, instance, storage),
    conditions: [ready, ...others, ...restartRequired(machine, instance, now)],
    created: exists ? true : null,
    ready: exists && ready.status === 'True' ? true : null,
    volumeSnapshotStatuses: snapshotStatuses(machine),
    ...(exists && {
      desiredGeneration: machine.metadata.generation,
      observedGeneration: machine.metadata.generation,
      runStrategy: runStrategy(machine),
    }),
  };
}
