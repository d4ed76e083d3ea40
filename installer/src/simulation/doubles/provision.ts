import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Stage } from './double.ts';
import { kindPath, pathOf } from './kube-path.ts';
import { keyOf } from './shelf.ts';

/** The part of a PersistentVolume's spec that only its driver knows. */
export type Provisioned = Readonly<Record<string, Json>>;

/** A program that makes volumes for claims of its driver and takes them away again. */
export interface Provisioner {
  readonly driver: string;
  /** The Deployment whose pods do the work: without one that is available nothing happens. */
  readonly runsAs: { readonly namespace: string; readonly deployment: string };
  readonly seconds: number;
  make(claim: KubeObject, storageClass: KubeObject): Promise<Provisioned>;
  drop(volume: KubeObject): Promise<void>;
}

const ASKED = 'volume.kubernetes.io/storage-provisioner';
const RETRY_SECONDS = 5;
/** Claims that are filled by somebody else first (CDI) get their volume from there. */
const FOREIGN_SOURCES = new Set(['VolumeImportSource', 'VolumeUploadSource', 'VolumeCloneSource']);

/** The external provisioner of any driver: volumes for claims that ask for it, reclaimed when they are released. */
export function provision(stage: Stage, provisioner: Provisioner): void {
  const { driver, runsAs } = provisioner;
  const works = () => programs.all().some((one) => (one['status']?.availableReplicas ?? 0) > 0);
  const claimQueue = stage.queue(async (key) => {
    const [namespace, name = ''] = key.split('/');
    const claim = claims.get(name, namespace);
    return claim !== undefined && works() && asks(claim, driver) ? provide(stage, provisioner, claim) : undefined;
  });
  const volumeQueue = stage.queue(async (name) => {
    const volume = volumes.get(name);
    if (volume !== undefined && works() && isDone(volume, driver)) await reclaim(stage, provisioner, volume);
  });
  const programs = stage.follow({
    path: kindPath('apps/v1', 'Deployment', runsAs.namespace),
    query: { fieldSelector: `metadata.name=${runsAs.deployment}` },
    on: () => {
      for (const claim of claims.all()) claimQueue.add(keyOf(claim));
      for (const volume of volumes.all()) volumeQueue.add(keyOf(volume));
    },
  });
  const claims = stage.follow({
    path: kindPath('v1', 'PersistentVolumeClaim'),
    on: ({ object }) => claimQueue.add(keyOf(object)),
  });
  const volumes = stage.follow({
    path: kindPath('v1', 'PersistentVolume'),
    on: ({ object }) => volumeQueue.add(keyOf(object)),
  });
}

function asks(claim: KubeObject, driver: string): boolean {
  const source = claim['spec'].dataSourceRef ?? claim['spec'].dataSource;
  return (
    claim.metadata.annotations?.[ASKED] === driver &&
    claim['spec'].volumeName === undefined &&
    claim.metadata.deletionTimestamp === undefined &&
    !FOREIGN_SOURCES.has(source?.kind)
  );
}

/** A volume is only made of a snapshot that the storage has finished. */
async function waitsForSnapshot(stage: Stage, claim: KubeObject): Promise<boolean> {
  const { dataSourceRef, dataSource } = claim['spec'];
  const source: Json = dataSourceRef ?? dataSource;
  if (source?.kind !== 'VolumeSnapshot') return false;
  const path = kindPath('snapshot.storage.k8s.io/v1', 'VolumeSnapshot', claim.metadata.namespace);
  const taken = await stage.api.get(`${path}/${source.name}`);
  return taken?.['status']?.readyToUse !== true;
}

async function provide(stage: Stage, provisioner: Provisioner, claim: KubeObject): Promise<number | undefined> {
  if (await waitsForSnapshot(stage, claim)) return RETRY_SECONDS;
  const storageClass = await stage.api.get(
    `${kindPath('storage.k8s.io/v1', 'StorageClass')}/${claim['spec'].storageClassName}`,
  );
  if (storageClass === undefined) return undefined;
  await stage.pause(provisioner.seconds);
  const special = await provisioner.make(claim, storageClass);
  await stage.api.ensure(volumeFor(claim, storageClass, provisioner.driver, special));
  return undefined;
}

function volumeFor(claim: KubeObject, storageClass: KubeObject, driver: string, special: Provisioned): KubeObject {
  const { name, namespace, uid } = claim.metadata;
  const { accessModes, volumeMode = 'Filesystem', resources } = claim['spec'];
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `pvc-${uid}`, annotations: { 'pv.kubernetes.io/provisioned-by': driver } },
    spec: {
      accessModes,
      capacity: { storage: resources.requests.storage },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid },
      persistentVolumeReclaimPolicy: storageClass['reclaimPolicy'] ?? 'Delete',
      storageClassName: storageClass.metadata.name,
      volumeMode,
      ...special,
    },
  };
}

function isDone(volume: KubeObject, driver: string): boolean {
  return (
    volume.metadata.annotations?.['pv.kubernetes.io/provisioned-by'] === driver &&
    volume['status']?.phase === 'Released' &&
    volume['spec'].persistentVolumeReclaimPolicy === 'Delete' &&
    volume.metadata.deletionTimestamp === undefined
  );
}

async function reclaim(stage: Stage, provisioner: Provisioner, volume: KubeObject): Promise<void> {
  await stage.pause(2);
  await provisioner.drop(volume);
  await stage.api.remove(pathOf(volume));
}
