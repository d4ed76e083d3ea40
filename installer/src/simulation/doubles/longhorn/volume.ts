import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { kindPath, pathOf } from '../kube-path.ts';
import { type Provisioned, provision } from '../provision.ts';
import { quantity } from '../quantity.ts';
import { resizeClaims } from '../resize-claims.ts';
import { keyOf } from '../shelf.ts';
import { withConditions, writeStatus } from '../status.ts';
import { defaultEngine, retireInstanceManagers } from './engine-upgrade.ts';
import { DRIVER, longhornObject, longhornPath, NAMESPACE } from './names.ts';
import { placeReplicas } from './replica.ts';

/** Volumes from claim to removal: made by csi-provisioner, attached by csi-attacher, grown by csi-resizer. */
export function serveVolumes(stage: Stage): void {
  provision(stage, {
    driver: DRIVER,
    runsAs: { namespace: NAMESPACE, deployment: 'csi-provisioner' },
    seconds: 4,
    make: async (claim, storageClass) => await makeVolume(stage, claim, storageClass),
    drop: async (volume) => {
      while (stage.bench.troubles.has('longhorn-volume-stays')) await stage.pause(30);
      await stage.api.remove(`${longhornPath('Volume')}/${volume.metadata.name}`);
    },
  });
  attachVolumes(stage);
  resizeClaims(stage, {
    driver: DRIVER,
    seconds: 5,
    grow: (volume, storage) => growVolume(stage, volume, storage),
  });
}

async function makeVolume(stage: Stage, claim: KubeObject, storageClass: KubeObject): Promise<Provisioned> {
  const name = `pvc-${claim.metadata.uid}`;
  const parameters = storageClass['parameters'] ?? {};
  const wanted = Number(parameters.numberOfReplicas ?? 3);
  const image = await defaultEngine(stage);
  const spec = { ...specOf(claim, parameters, wanted), image };
  const volume = await stage.api.ensure(longhornObject('Volume', name, { spec }));
  const scheduled = await placeReplicas(stage, name, wanted);
  const { namespace, name: pvcName } = claim.metadata;
  await writeStatus(stage, volume, {
    state: 'detached',
    robustness: 'unknown',
    currentImage: volume['spec'].image,
    conditions: withConditions(volume['status']?.conditions, stage.now(), [scheduledCondition(scheduled, wanted)]),
    kubernetesStatus: { namespace, pvcName, pvName: name, pvStatus: 'Bound' },
  });
  const { migratable, fsType = 'ext4' } = parameters;
  const volumeAttributes = { numberOfReplicas: String(wanted), ...(migratable === undefined ? {} : { migratable }) };
  const filesystem = claim['spec'].volumeMode === 'Block' ? {} : { fsType };
  return { csi: { driver: DRIVER, volumeHandle: name, volumeAttributes, ...filesystem } };
}

function specOf(claim: KubeObject, parameters: Json, numberOfReplicas: number): Json {
  return {
    accessMode: claim['spec'].accessModes.includes('ReadWriteMany') ? 'rwx' : 'rwo',
    dataEngine: parameters.dataEngine ?? 'v1',
    frontend: 'blockdev',
    migratable: parameters.migratable === 'true',
    numberOfReplicas,
    size: String(quantity(claim['spec'].resources.requests.storage)),
  };
}

function scheduledCondition(scheduled: number, wanted: number) {
  const type = 'Scheduled';
  if (scheduled >= wanted) return { type, status: 'True', reason: '', message: '', lastProbeTime: '' };
  const message =
    scheduled === 0
      ? 'disks are unavailable'
      : 'precheck new replica failed: insufficient storage;replicas cannot share a node';
  return { type, status: 'False', reason: 'ReplicaSchedulingFailure', message, lastProbeTime: '' };
}

/** The attacher's part, and what the volume shows of it. */
function attachVolumes(stage: Stage): void {
  const queue = stage.queue(async (name) => {
    const attachment = attachments.get(name);
    if (attachment === undefined || attachment['spec'].attacher !== DRIVER || attachment['status']?.attached === true)
      return;
    if (!workers.all().some((one) => (one['status']?.availableReplicas ?? 0) > 0)) return;
    await attach(stage, attachment);
  });
  const released = stage.queue((name) => detached(stage, name));
  const workers = stage.follow({
    path: kindPath('apps/v1', 'Deployment', NAMESPACE),
    query: { fieldSelector: 'metadata.name=csi-attacher' },
    on: () => {
      for (const one of attachments.all()) queue.add(keyOf(one));
    },
  });
  const attachments = stage.follow({
    path: kindPath('storage.k8s.io/v1', 'VolumeAttachment'),
    on: ({ type, object }) => {
      if (type !== 'DELETED') return queue.add(keyOf(object));
      const rest = attachments.all().find((one) => volumeOf(one) === volumeOf(object));
      if (object['spec'].attacher === DRIVER && rest === undefined) released.add(volumeOf(object));
    },
  });
}

const volumeOf = (attachment: KubeObject): string => attachment['spec'].source.persistentVolumeName;

async function attach(stage: Stage, attachment: KubeObject): Promise<void> {
  const volume = await stage.api.get(`${longhornPath('Volume')}/${volumeOf(attachment)}`);
  if (volume === undefined) return;
  const { conditions = [] } = volume['status'] ?? {};
  const placed = conditions.find((one: { type: string }) => one.type === 'Scheduled');
  if (placed?.message === 'disks are unavailable') {
    const message = `rpc error: code = Aborted desc = volume ${volume.metadata.name} is not ready for workloads`;
    return await writeStatus(stage, attachment, { attached: false, attachError: { message, time: stage.now() } });
  }
  await stage.pause(4);
  const robustness = placed?.status === 'False' ? 'degraded' : 'healthy';
  const node: string = attachment['spec'].nodeName;
  await stage.api.patch(pathOf(volume), { spec: { nodeID: node } });
  await stage.api.patchStatus(pathOf(volume), { state: 'attached', robustness, currentNodeID: node });
  await stage.api.patchStatus(pathOf(attachment), { attached: true, attachError: null });
}

async function detached(stage: Stage, name: string): Promise<void> {
  const path = `${longhornPath('Volume')}/${name}`;
  await stage.api.patch(path, { spec: { nodeID: '' } });
  await stage.api.patchStatus(path, { state: 'detached', robustness: 'unknown', currentNodeID: '' });
  await retireInstanceManagers(stage);
}

async function growVolume(stage: Stage, volume: string, storage: string): Promise<void> {
  await stage.api.patch(`${longhornPath('Volume')}/${volume}`, { spec: { size: String(quantity(storage)) } });
}
