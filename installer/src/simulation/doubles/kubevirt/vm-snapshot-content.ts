import type { Json } from '#kube/json';
import { kindPath, pathOf } from '../kube-path.ts';
import { writeStatus } from '../status.ts';
import { snapshotClassOf } from './snapshot-classes.ts';
import { isTooLate } from './snapshot-deadline.ts';
import { snapshotPath, takesContentAlong, VOLUME_SNAPSHOT_API } from './snapshot-terms.ts';
import { CONTENT_FINALIZER } from './vm-snapshot.ts';
import type { Snapshots } from './vm-snapshots.ts';

/** Brings one VirtualMachineSnapshotContent a step further: a VolumeSnapshot for each claim, and what they say. */
export async function reconcileContent(about: Snapshots, key: string): Promise<undefined> {
  const { api, bench } = about.stage;
  const [namespace, name] = key.split('/') as [string, string];
  const content: Json = await api.get(snapshotPath('VirtualMachineSnapshotContent', namespace, name));
  if (content === undefined) return;
  const snapshot: Json = await api.get(
    snapshotPath('VirtualMachineSnapshot', namespace, content.spec.virtualMachineSnapshotName),
  );
  const isGoing = snapshot?.metadata.deletionTimestamp !== undefined;
  if (snapshot === undefined || isGoing || isTooLate(snapshot, bench.clock.now())) {
    await letGo(about, content);
    if (snapshot !== undefined && takesContentAlong(snapshot, content)) return;
  }
  if (content.metadata.deletionTimestamp !== undefined) return;
  const taken: Json[] = [];
  for (const backup of content.spec.volumeBackups ?? []) {
    const one = await volumeSnapshot(about, { content, backup, mayTake: snapshot !== undefined && !isGoing });
    taken.push(one ?? { missing: backup.volumeSnapshotName });
  }
  await writeStatus(about.stage, content, contentStatus(content, taken, about.stage.now()));
}

async function letGo({ stage }: Snapshots, content: Json): Promise<void> {
  const finalizers: readonly string[] = content.metadata.finalizers ?? [];
  if (!finalizers.includes(CONTENT_FINALIZER)) return;
  const rest = finalizers.filter((one) => one !== CONTENT_FINALIZER);
  await stage.api.patch(pathOf(content), { metadata: { finalizers: rest } });
}

interface Taking {
  readonly content: Json;
  readonly backup: Json;
  readonly mayTake: boolean;
}

/** What was taken of one claim; undefined when it was taken once and is gone. */
async function volumeSnapshot({ stage, shelves, disks }: Snapshots, taking: Taking): Promise<Json> {
  const { content, backup, mayTake } = taking;
  const { namespace } = content.metadata;
  const path = `${kindPath(VOLUME_SNAPSHOT_API, 'VolumeSnapshot', namespace)}/${backup.volumeSnapshotName}`;
  const found: Json = await stage.api.get(path);
  if (found !== undefined) return found;
  if (!mayTake || (content.status?.creationTime ?? undefined) !== undefined) return undefined;
  const { metadata, spec } = backup.persistentVolumeClaim;
  const made = await stage.api.ensure(
    newVolumeSnapshot(content, backup, snapshotClassOf(spec.storageClassName, shelves)),
  );
  const written = disks.get(metadata.uid);
  if (written !== undefined) disks.set(made.metadata.uid ?? '', written);
  return made;
}

function newVolumeSnapshot(content: Json, backup: Json, volumeSnapshotClassName: string | undefined): Json {
  const { apiVersion, kind, metadata, spec } = content;
  const { name, namespace } = spec.source.virtualMachine.metadata;
  const owner = {
    apiVersion,
    kind,
    name: metadata.name,
    uid: metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  return {
    apiVersion: VOLUME_SNAPSHOT_API,
    kind: 'VolumeSnapshot',
    metadata: {
      name: backup.volumeSnapshotName,
      namespace: metadata.namespace,
      labels: { 'snapshot.kubevirt.io/source-vm-name': name, 'snapshot.kubevirt.io/source-vm-namespace': namespace },
      ownerReferences: [owner],
    },
    spec: {
      source: { persistentVolumeClaimName: backup.persistentVolumeClaim.metadata.name },
      volumeSnapshotClassName,
    },
  };
}

function contentStatus(content: Json, taken: readonly Json[], now: string): Json {
  const missing = taken.filter((one) => one.missing !== undefined).map((one) => one.missing);
  const there = taken.filter((one) => one.missing === undefined);
  const broken = there.find((one) => one.status?.error?.message !== undefined);
  const message =
    missing.length > 0
      ? `VolumeSnapshots (${missing.join(',')}) missing`
      : broken && `VolumeSnapshot ${broken.metadata.name} error: ${broken.status.error.message}`;
  const whole = missing.length === 0;
  const created = whole && there.every((one) => (one.status?.creationTime ?? undefined) !== undefined);
  const known = content.status?.error;
  const error = message === undefined ? null : known?.message === message ? known : { message, time: now };
  return {
    readyToUse: whole && there.every((one) => one.status?.readyToUse === true),
    ...(created && { creationTime: content.status?.creationTime ?? now }),
    error,
    volumeSnapshotStatus: there.map(({ metadata, status = {} }) => ({
      volumeSnapshotName: metadata.name,
      readyToUse: status.readyToUse ?? false,
      ...(status.creationTime && { creationTime: status.creationTime }),
      ...(status.error && { error: status.error }),
    })),
  };
}
