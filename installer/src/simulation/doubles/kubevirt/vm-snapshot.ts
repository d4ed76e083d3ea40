import type { Json } from '#kube/json';
import { pathOf } from '../kube-path.ts';
import { writeStatus } from '../status.ts';
import { snapshotClassOf } from './snapshot-classes.ts';
import { isOver, isTooLate, secondsLeft } from './snapshot-deadline.ts';
import { isLocked, lock, unlock } from './snapshot-source.ts';
import {
  claimPath,
  contentName,
  instancePath,
  machinePath,
  SNAPSHOT_API,
  snapshotPath,
  takesContentAlong,
} from './snapshot-terms.ts';
import { snapshotStatus } from './vm-snapshot-status.ts';
import type { Snapshots } from './vm-snapshots.ts';
import { claimNames } from './vm-storage.ts';

const FINALIZER = 'snapshot.kubevirt.io/vmsnapshot-protection';
export const CONTENT_FINALIZER = 'snapshot.kubevirt.io/vmsnapshotcontent-protection';
const LOCKED = 'Source locked and operation in progress';
/** Seconds until a machine that could not be locked is looked at again. */
const RETRY = 5;

/** Brings one VirtualMachineSnapshot a step further. */
export async function reconcileSnapshot(about: Snapshots, key: string): Promise<number | undefined> {
  const { api, bench } = about.stage;
  const [namespace, name] = key.split('/') as [string, string];
  const snapshot: Json = await api.get(snapshotPath('VirtualMachineSnapshot', namespace, name));
  if (snapshot === undefined) return undefined;
  const isGoing = snapshot.metadata.deletionTimestamp !== undefined;
  const ends = isGoing || isTooLate(snapshot, bench.clock.now());
  if (!ends && (await protect(about, snapshot))) return undefined;
  const machine: Json = await api.get(machinePath(namespace, snapshot.spec.source.name));
  const content: Json = await api.get(snapshotPath('VirtualMachineSnapshotContent', namespace, contentName(snapshot)));
  const said = await advance(about, { snapshot, machine, content, ends });
  if (ends && content !== undefined && takesContentAlong(snapshot, content)) await api.remove(pathOf(content));
  const now: Json = await api.get(machinePath(namespace, snapshot.spec.source.name));
  await tell(about, snapshot, { machine: now, said, isTooLate: ends && !isGoing });
  if (isGoing && !isLocked(now, snapshot)) await letGo(about, snapshot);
  if (isOver(snapshot) || ends) return undefined;
  return said === LOCKED ? Math.max(secondsLeft(snapshot, bench.clock.now()) + 1, 1) : RETRY;
}

async function protect({ stage }: Snapshots, snapshot: Json): Promise<boolean> {
  const finalizers: readonly string[] = snapshot.metadata.finalizers ?? [];
  if (finalizers.includes(FINALIZER)) return false;
  await stage.api.patch(pathOf(snapshot), { metadata: { finalizers: [...finalizers, FINALIZER] } });
  return true;
}

interface Case {
  readonly snapshot: Json;
  readonly machine: Json;
  readonly content: Json;
  readonly ends: boolean;
}

/** Locks the machine and begins, or unlocks it when all is done. Answers how the machine stands. */
async function advance(about: Snapshots, { snapshot, machine, content, ends }: Case): Promise<string> {
  if (machine === undefined) return 'Source does not exist';
  if (isOver(snapshot) || ends) {
    if (isOver(snapshot) || content === undefined || !takesContentAlong(snapshot, content))
      await unlock(about, machine, snapshot);
    return 'Source not locked';
  }
  if (snapshot.status === undefined) return 'Source not locked';
  if (!isLocked(machine, snapshot)) return (await lock(about, machine, snapshot)) ?? LOCKED;
  if (content === undefined) await about.stage.api.ensure(await newContent(about, snapshot, machine));
  return LOCKED;
}

async function tell(
  about: Snapshots,
  snapshot: Json,
  { machine, said, isTooLate: late }: { readonly machine: Json; readonly said: string; readonly isTooLate: boolean },
): Promise<void> {
  const { stage } = about;
  const { namespace } = snapshot.metadata;
  const instance: Json = machine && (await stage.api.get(instancePath(namespace, machine.metadata.name)));
  const content: Json = await stage.api.get(
    snapshotPath('VirtualMachineSnapshotContent', namespace, contentName(snapshot)),
  );
  const seen = { machine, instance, content, said, locked: said === LOCKED, late };
  await writeStatus(stage, snapshot, snapshotStatus(snapshot, seen, stage.now()));
}

async function letGo({ stage }: Snapshots, snapshot: Json): Promise<void> {
  const finalizers = (snapshot.metadata.finalizers ?? []).filter((one: string) => one !== FINALIZER);
  await stage.api.patch(pathOf(snapshot), { metadata: { finalizers } });
}

/** The record of what is kept: the machine as it is, and each claim whose storage can make snapshots. */
async function newContent({ stage, shelves }: Snapshots, snapshot: Json, machine: Json): Promise<Json> {
  const { namespace, name, uid } = snapshot.metadata;
  const backups: Json[] = [];
  for (const { volume, claim } of claimNames(machine.spec.template.spec)) {
    const found: Json = await stage.api.get(claimPath(namespace, claim));
    if (found?.status?.phase !== 'Bound' || snapshotClassOf(found.spec.storageClassName, shelves) === undefined)
      continue;
    backups.push({
      volumeName: volume,
      persistentVolumeClaim: { metadata: plain(found.metadata), spec: found.spec },
      volumeSnapshotName: `vmsnapshot-${uid}-volume-${volume}`,
    });
  }
  return {
    apiVersion: SNAPSHOT_API,
    kind: 'VirtualMachineSnapshotContent',
    metadata: { name: contentName(snapshot), namespace, finalizers: [CONTENT_FINALIZER] },
    spec: {
      virtualMachineSnapshotName: name,
      source: { virtualMachine: { metadata: plain(machine.metadata), spec: machine.spec } },
      volumeBackups: backups,
    },
  };
}

function plain({ managedFields: _fields, ...metadata }: Json): Json {
  return metadata;
}
