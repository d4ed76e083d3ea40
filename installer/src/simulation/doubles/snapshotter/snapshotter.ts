import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { double } from '../double.ts';
import { kindPath, pathOf } from '../kube-path.ts';
import type { Program } from '../node/program.ts';
import { keyOf } from '../shelf.ts';
import { isTrue, writeStatus } from '../status.ts';

const GROUP = 'snapshot.storage.k8s.io';
const KINDS = ['volumesnapshots', 'volumesnapshotclasses', 'volumesnapshotcontents'];
/** --retry-crd-interval-max of the controller. */
const PATIENCE_SECONDS = 30;
const RETRY_SECONDS = 10;

const controller: Program = {
  name: 'snapshot-controller',
  fits: (container) => /\/snapshot-controller[:@]/.test(container.image),
  async run(process) {
    for (let waited = 0; waited < PATIENCE_SECONDS; waited += 10) {
      if (await hasKinds(process.stage)) return 'serving';
      await process.sleep(10);
    }
    process.say('Exiting due to failure to ensure CRDs exist during startup: timed out waiting for the condition');
    return { exitCode: 1 };
  },
};

export const snapshotterPrograms: readonly Program[] = [controller];

async function hasKinds(stage: Stage): Promise<boolean> {
  if (stage.bench.troubles.has('snapshot-kinds-unknown')) return false;
  for (const kind of KINDS) {
    const crd = await stage.api.get(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${kind}.${GROUP}`);
    if (!isTrue(crd, 'Established')) return false;
  }
  return true;
}

/** Snapshots of volumes: each gets its content and becomes ready to use, once the controller runs and its class exists. */
export const snapshotterDouble = double('the snapshot controller', (stage) => {
  const controllers = stage.follow({
    path: kindPath('apps/v1', 'Deployment'),
    query: { fieldSelector: 'metadata.name=snapshot-controller' },
    on: () => {
      for (const snapshot of snapshots.all()) queue.add(keyOf(snapshot));
    },
  });
  const queue = stage.queue(async (key) => {
    const [namespace, name = ''] = key.split('/');
    const snapshot = snapshots.get(name, namespace);
    const runs = controllers.all().some((one) => (one['status']?.availableReplicas ?? 0) > 0);
    if (snapshot === undefined || !runs) return undefined;
    return takeSnapshot(stage, snapshot);
  });
  const snapshots = stage.follow({
    path: kindPath(`${GROUP}/v1`, 'VolumeSnapshot'),
    on: ({ type, object }) => {
      if (type !== 'DELETED') queue.add(keyOf(object));
      else stage.spawn(() => dropContent(stage, object));
    },
  });
});

/** What the storage keeps goes with the snapshot, unless its class says otherwise. */
async function dropContent(stage: Stage, snapshot: KubeObject): Promise<void> {
  const path = pathOf(content(snapshot, undefined, {}));
  const kept = await stage.api.get(path);
  if (kept?.['spec'].deletionPolicy !== 'Retain') await stage.api.remove(path);
}

async function takeSnapshot(stage: Stage, snapshot: KubeObject): Promise<number | undefined> {
  if (snapshot['status']?.readyToUse === true || snapshot.metadata.deletionTimestamp !== undefined) return undefined;
  const chosen = await classFor(stage, snapshot);
  if (chosen === undefined) return await refuse(stage, snapshot, 'Failed to get snapshot class');
  const name: string | undefined = snapshot['spec'].source?.persistentVolumeClaimName;
  const claim = await stage.api.get(`${kindPath('v1', 'PersistentVolumeClaim', snapshot.metadata.namespace)}/${name}`);
  const volume: string | undefined = claim?.['spec'].volumeName;
  const missing = `Failed to create snapshot content: persistentvolumeclaim "${name}" not found`;
  if (volume === undefined) return await refuse(stage, snapshot, missing);
  const made = await stage.api.ensure(content(snapshot, volume, chosen));
  await stage.pause(4);
  if (stage.bench.troubles.has('snapshot-fails', name)) {
    const full = 'Failed to check and update snapshot content: failed to take snapshot of the volume';
    return refuse(stage, snapshot, `${full} ${volume}: "rpc error: code = ResourceExhausted desc = no space left"`);
  }
  const snapshotHandle = `snap://${volume}/${snapshot.metadata.uid}`;
  await stage.api.patchStatus(pathOf(made), { readyToUse: true, snapshotHandle });
  await writeStatus(stage, snapshot, {
    readyToUse: true,
    boundVolumeSnapshotContentName: made.metadata.name,
    creationTime: stage.now(),
    restoreSize: claim?.['status']?.capacity?.storage,
    error: null,
  });
  return undefined;
}

async function classFor(stage: Stage, snapshot: KubeObject): Promise<KubeObject | undefined> {
  const wanted: string | undefined = snapshot['spec'].volumeSnapshotClassName;
  const classes = await stage.api.list(kindPath(`${GROUP}/v1`, 'VolumeSnapshotClass'));
  return classes.items.find((one: KubeObject) => wanted === undefined || one.metadata.name === wanted);
}

/** Tells why, and answers after how many seconds it is tried again. */
async function refuse(stage: Stage, snapshot: KubeObject, message: string): Promise<number> {
  const time = snapshot['status']?.error?.time ?? stage.now();
  await writeStatus(stage, snapshot, { readyToUse: false, error: { message, time } });
  return RETRY_SECONDS;
}

function content(
  snapshot: KubeObject,
  volumeHandle: string | undefined,
  { driver, deletionPolicy, metadata }: Partial<KubeObject>,
): KubeObject {
  const { name, namespace, uid } = snapshot.metadata;
  return {
    apiVersion: `${GROUP}/v1`,
    kind: 'VolumeSnapshotContent',
    metadata: { name: `snapcontent-${uid}` },
    spec: {
      driver,
      deletionPolicy,
      source: { volumeHandle },
      volumeSnapshotClassName: metadata?.name,
      volumeSnapshotRef: { apiVersion: `${GROUP}/v1`, kind: 'VolumeSnapshot', name, namespace, uid },
    },
  };
}
