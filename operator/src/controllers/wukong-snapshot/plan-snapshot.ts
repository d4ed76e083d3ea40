import type { KubeObject } from '#kube/object';
import type { SnapshotCondition, WukongSnapshot, WukongSnapshotStatus } from '../../api/wukong-snapshot.ts';
import { controllerOf } from '../wukong/ownership.ts';
import type { Trouble } from '../wukong/trouble.ts';
import { type Outlook, outlookOf } from './outlook.ts';
import { restoreSize } from './restore-size.ts';
import type { SnapshotSeen } from './seen.ts';
import { snapshotObject } from './snapshot-object.ts';
import { excludedDisks, includedDisks } from './standing.ts';

interface SnapshotPlan {
  /** To be applied: KubeVirt's snapshot, or nothing. */
  readonly objects: readonly KubeObject[];
  /** `now` is ISO, for conditions that turn over; `trouble` is what applying came to. */
  status(now: string, trouble?: Trouble): WukongSnapshotStatus;
}

/** Pure: the same input gives the same object and the same status. */
export function planSnapshot(snapshot: WukongSnapshot, seen: SnapshotSeen): SnapshotPlan {
  const outlook = outlookOf(snapshot, seen);
  return {
    objects: outlook.take ? [snapshotObject(snapshot)] : [],
    status: (now, trouble) =>
      statusOf(snapshot, seen, trouble === undefined ? outlook : refused(outlook, trouble), now),
  };
}

/** A snapshot that is there already is not worse for what went wrong in asking for it again. */
function refused(outlook: Outlook, { reason, message }: Trouble): Outlook {
  if (outlook.phase === 'Succeeded' || outlook.phase === 'Failed') return outlook;
  return { phase: 'Pending', reason, message, take: false };
}

function statusOf(snapshot: WukongSnapshot, seen: SnapshotSeen, outlook: Outlook, now: string): WukongSnapshotStatus {
  const { phase, reason, message } = outlook;
  const done = phase === 'Succeeded';
  const told: readonly Told[] = [
    { type: 'Ready', status: done ? 'True' : 'False', reason, message },
    { type: 'Progressing', status: phase === 'Creating' ? 'True' : 'False', reason, message },
  ];
  return {
    phase,
    observedGeneration: snapshot.metadata.generation ?? 1,
    ...kept(snapshot, seen),
    readyToUse: done,
    ...(phase === 'Pending' || phase === 'Failed' ? { error: message } : {}),
    conditions: told.map((one) => stamped(one, snapshot, now)),
  };
}

/** What is known of the point in time itself; it stays when KubeVirt's own record of it is gone. */
function kept(snapshot: WukongSnapshot, { taken, volumeSnapshots }: SnapshotSeen): Partial<WukongSnapshotStatus> {
  if (taken === undefined || snapshot.metadata.uid !== controllerOf(taken)) return remembered(snapshot);
  const { sourceUID, creationTime, indications, snapshotVolumes } = taken['status'] ?? {};
  const size = restoreSize(volumeSnapshots) ?? snapshot.status?.restoreSize;
  // KubeVirt goes on to name whatever machine has the name; what was kept is still of the first one.
  const source = (snapshot.status?.creationTime && snapshot.status.sourceUID) || sourceUID;
  return {
    snapshotName: taken.metadata.name,
    ...(source ? { sourceUID: source } : {}),
    ...(creationTime ? { creationTime } : {}),
    ...(indications ? { indications } : {}),
    ...(snapshotVolumes ? { includedVolumes: includedDisks(taken), excludedVolumes: excludedDisks(taken) } : {}),
    ...(size === undefined ? {} : { restoreSize: size }),
  };
}

/** What stays true of a snapshot whatever becomes of what it was taken as. */
const lasting = [
  'snapshotName',
  'sourceUID',
  'creationTime',
  'indications',
  'includedVolumes',
  'excludedVolumes',
  'restoreSize',
] as const;

function remembered({ status }: WukongSnapshot): Partial<WukongSnapshotStatus> {
  return Object.fromEntries(lasting.flatMap((key) => (status?.[key] === undefined ? [] : [[key, status[key]]])));
}

type Told = Pick<SnapshotCondition, 'type' | 'status' | 'reason' | 'message'>;

function stamped(told: Told, { metadata, status }: WukongSnapshot, now: string): SnapshotCondition {
  const before = status?.conditions.find(({ type }) => type === told.type);
  const lastTransitionTime = before?.status === told.status ? before.lastTransitionTime : now;
  return { ...told, observedGeneration: metadata.generation ?? 1, lastTransitionTime };
}
