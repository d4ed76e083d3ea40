import type { Json } from '#kube/json';
import { conditionOf, isTrue } from '../status.ts';
import { saying } from './snapshot-terms.ts';

export interface SnapshotSeen {
  readonly machine: Json;
  readonly instance: Json;
  readonly content: Json;
  /** How it stands with the machine. */
  readonly said: string;
  readonly locked: boolean;
  readonly late: boolean;
}

/** The whole status of a VirtualMachineSnapshot. */
export function snapshotStatus(snapshot: Json, seen: SnapshotSeen, now: string): Json {
  const { status = {} } = snapshot;
  const { machine, content } = seen;
  const known = content?.status === undefined ? {} : fromContent(content);
  const base = {
    readyToUse: status.readyToUse ?? false,
    ...(machine && { sourceUID: machine.metadata.uid }),
    ...known,
  };
  const ended = ending(snapshot, { ...seen, created: base.creationTime ?? status.creationTime }, now);
  const ready: readonly [boolean, string] = base.readyToUse ? [true, 'Ready'] : [false, 'Not ready'];
  const failing = (base.error ?? undefined) !== undefined && { Progressing: [false, 'In error state'] as const };
  const conditions = saying(ended.conditions, now, { Ready: ready, ...failing });
  return { ...base, ...ended, conditions };
}

function fromContent({ metadata, status }: Json): Json {
  return {
    virtualMachineSnapshotContentName: metadata.name,
    creationTime: status.creationTime ?? null,
    readyToUse: status.readyToUse ?? false,
    error: status.error ?? null,
  };
}

function ending(
  snapshot: Json,
  seen: SnapshotSeen & { readonly created: string | null | undefined },
  now: string,
): Json {
  const { conditions: before, phase } = snapshot.status ?? {};
  if (seen.late || phase === 'Failed')
    return {
      phase: 'Failed',
      conditions: saying(before, now, {
        Failure: [true, 'snapshot deadline exceeded'],
        Progressing: [false, 'Operation failed'],
      }),
    };
  if (phase === 'Succeeded' || (seen.created ?? undefined) !== undefined)
    return {
      phase: 'Succeeded',
      conditions: saying(before, now, { Progressing: [false, 'Operation complete'] }),
      ...(seen.content && { snapshotVolumes: volumesOf(seen.content) }),
    };
  if (snapshot.metadata.deletionTimestamp !== undefined)
    return { phase: 'Deleting', conditions: saying(before, now, { Progressing: [false, 'VM snapshot is deleting'] }) };
  const conditions = saying(before, now, { Progressing: [seen.locked, seen.said] });
  return { phase: 'InProgress', conditions, ...indicationsOf(seen) };
}

function volumesOf({ spec }: Json): Json {
  const kept = new Set((spec.volumeBackups ?? []).map((one: Json) => one.volumeName));
  const names: readonly string[] = (spec.source.virtualMachine.spec.template.spec.volumes ?? []).map(
    (one: Json) => one.name,
  );
  return {
    includedVolumes: names.filter((name) => kept.has(name)),
    excludedVolumes: names.filter((name) => !kept.has(name)),
  };
}

const meanings: Readonly<Record<string, string>> = {
  Online: 'Snapshot taken while the VM was running. Consistency depends on guest-agent quiescing.',
  GuestAgent: 'Guest agent was active and attempted to quiesce the filesystem for application consistency.',
  NoGuestAgent: 'Guest agent was not available. Snapshot is crash-consistent and may not be application-consistent.',
  Paused: 'Snapshot taken while the VM was paused. Snapshot is crash-consistent and may not be application-consistent.',
};

function indicationsOf({ instance }: SnapshotSeen): Json {
  if (instance === undefined) return { indications: null, sourceIndications: null };
  const agent = conditionOf(instance, 'AgentConnected') === undefined ? 'NoGuestAgent' : 'GuestAgent';
  const indications = [isTrue(instance, 'Paused') ? 'Paused' : agent, 'Online'].toSorted();
  return {
    indications,
    sourceIndications: indications.map((indication) => ({ indication, message: meanings[indication] })),
  };
}
