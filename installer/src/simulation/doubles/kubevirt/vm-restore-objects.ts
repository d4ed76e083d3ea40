import type { Json } from '#kube/json';
import { quantity } from '../quantity.ts';
import { VOLUME_SNAPSHOT_API } from './snapshot-terms.ts';

const STAMP = 'restore.kubevirt.io/lastRestoreUID';
const dropped = [
  'pv.kubernetes.io',
  'volume.beta.kubernetes.io',
  'cdi.kubevirt.io',
  'volume.kubernetes.io',
  'k8s.io/CloneRequest',
  'k8s.io/CloneOf',
];

/** What a restore leaves on everything that it has restored. */
function stampOf({ metadata }: Json): string {
  return `${metadata.name}-${metadata.uid}`;
}

/** Whether an object has been restored by this very restore. */
export function wears(object: Json, restore: Json): boolean {
  return object.metadata.annotations?.[STAMP] === stampOf(restore);
}

export function machineOwner({ metadata }: Json): Json {
  const { name, uid } = metadata;
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

export function isInPlace({ spec }: Json): boolean {
  return spec.volumeRestorePolicy === 'InPlace';
}

/** The claim that a volume is restored into. */
export function restoredName(restore: Json, backup: Json): string {
  if (isInPlace(restore)) return backup.persistentVolumeClaim.metadata.name;
  return `restore-${restore.metadata.uid}-${backup.volumeName}`;
}

/** A claim as it was when the snapshot was taken, to be filled from what was taken of it. */
export function restoredClaim(restore: Json, content: Json, backup: Json, taken: Json): Json {
  const { accessModes, storageClassName, volumeMode, resources } = backup.persistentVolumeClaim.spec;
  const source = {
    apiGroup: VOLUME_SNAPSHOT_API.split('/')[0],
    kind: 'VolumeSnapshot',
    name: backup.volumeSnapshotName,
  };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: restoredMetadata(restore, content, backup),
    spec: {
      accessModes,
      ...(storageClassName && { storageClassName }),
      ...(volumeMode && { volumeMode }),
      resources: { requests: { storage: larger(resources.requests.storage, taken.status?.restoreSize) } },
      dataSource: source,
      dataSourceRef: source,
    },
  };
}

function restoredMetadata(restore: Json, content: Json, backup: Json): Json {
  const { labels, annotations = {} } = backup.persistentVolumeClaim.metadata;
  const { name, namespace } = content.spec.source.virtualMachine.metadata;
  const overrides = (restore.spec.volumeRestoreOverrides ?? []).find(
    (one: Json) => one.volumeName === backup.volumeName,
  );
  const kept = Object.entries(annotations).filter(([key]) => !dropped.some((one) => key.startsWith(one)));
  const origin = {
    'restore.kubevirt.io/source-vm-name': name,
    'restore.kubevirt.io/source-vm-namespace': namespace,
  };
  const marks = { 'restore.kubevirt.io/name': restore.metadata.name, [STAMP]: stampOf(restore) };
  return {
    name: restoredName(restore, backup),
    namespace: restore.metadata.namespace,
    labels: { ...labels, ...origin, ...overrides?.labels },
    annotations: { ...Object.fromEntries(kept), ...marks, ...overrides?.annotations },
  };
}

function larger(asked: string, needed: string | undefined): string {
  return needed !== undefined && quantity(needed) > quantity(asked) ? needed : asked;
}

/** The machine with the whole specification of the snapshot, but with the run strategy that it has now. */
export function restoredMachine(target: Json, content: Json, restore: Json): Json {
  const { spec } = content.spec.source.virtualMachine;
  const backups: readonly Json[] = content.spec.volumeBackups ?? [];
  const volumes = (spec.template.spec.volumes ?? []).map((volume: Json) => {
    const backup = backups.find((one) => one.volumeName === volume.name);
    if (backup === undefined || volume.persistentVolumeClaim === undefined) return volume;
    return {
      ...volume,
      persistentVolumeClaim: { ...volume.persistentVolumeClaim, claimName: restoredName(restore, backup) },
    };
  });
  const template = { ...spec.template, spec: { ...spec.template.spec, volumes } };
  const { running: _running, ...rest } = spec;
  const annotations = { ...target.metadata.annotations, [STAMP]: stampOf(restore) };
  return {
    ...target,
    metadata: { ...target.metadata, annotations },
    spec: { ...rest, runStrategy: target.spec.runStrategy ?? 'Halted', template },
  };
}
