import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { fingerprint } from '../event.ts';
import { kindPath, pathOf } from '../kube-path.ts';
import { flag } from '../node/program.ts';
import { ownerReference } from '../owned-pods.ts';
import { writeStatus } from '../status.ts';
import { raiseEngines } from './engine-upgrade.ts';
import { longhornObject, NAMESPACE } from './names.ts';

/** The engine image on every node: its object and its DaemonSet; deployed when that is ready. */
export async function deployEngineImage(stage: Stage, manager: KubeObject): Promise<void> {
  const image = imageOf(manager, 'engine-image');
  const name = `ei-${fingerprint(image)}`;
  const object = await stage.api.ensure(longhornObject('EngineImage', name, { spec: { image } }));
  const labels = { 'longhorn.io/component': 'engine-image', 'longhorn.io/engine-image': name };
  const set = await stage.api.ensure(engineSet(object, labels, manager['spec'].priorityClassName));
  followDeployment(stage, object, set);
}

function engineSet(object: KubeObject, labels: Json, priorityClassName: string | undefined): KubeObject {
  const name = `engine-image-${object.metadata.name}`;
  const readinessProbe = {
    exec: { command: ['sh', '-c', 'ls /data/longhorn'] },
    initialDelaySeconds: 5,
    periodSeconds: 5,
  };
  const container = { name, image: object['spec'].image, imagePullPolicy: 'IfNotPresent', readinessProbe };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace: NAMESPACE, labels, ownerReferences: [ownerReference(object)] },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '100%' } },
      template: {
        metadata: { labels },
        spec: { serviceAccountName: 'longhorn-service-account', priorityClassName, containers: [container] },
      },
    },
  };
}

/** Follows the DaemonSet to its end: then volumes can be made with this engine. */
function followDeployment(stage: Stage, image: KubeObject, set: KubeObject): void {
  const queue = stage.queue(async () => {
    const { desiredNumberScheduled: wanted = 0, numberReady: ready = 0 } = sets.all()[0]?.['status'] ?? {};
    const now = await stage.api.get(pathOf(image));
    if (now === undefined) return;
    const state = wanted > 0 && ready >= wanted ? 'deployed' : 'deploying';
    await writeStatus(stage, now, {
      state,
      ownerID: '',
      refCount: 0,
      incompatible: false,
      version: image['spec'].image.split(':').at(-1),
    });
    if (state === 'deployed') await raiseEngines(stage, image['spec'].image);
  });
  const sets = stage.follow({
    path: kindPath('apps/v1', 'DaemonSet', NAMESPACE),
    query: { fieldSelector: `metadata.name=${set.metadata.name}` },
    on: () => queue.add(set.metadata.name),
  });
}

/** One instance manager per node: its object and the pod that runs engines and replicas. */
export async function deployInstanceManager(stage: Stage, manager: KubeObject, lives: () => boolean): Promise<void> {
  const image = imageOf(manager, 'instance-manager-image');
  const node: string = manager['spec'].nodeName;
  const name = `instance-manager-${fingerprint(`${node} ${image}`).repeat(4)}`;
  const spec = { dataEngine: 'v1', image, nodeID: node, type: 'aio' };
  const object = await stage.api.ensure(longhornObject('InstanceManager', name, { spec }));
  followPod(stage, object, podOf(object, manager['spec'].priorityClassName), lives);
}

function podOf(manager: KubeObject, priorityClassName: string | undefined): KubeObject {
  const { image, nodeID } = manager['spec'];
  const { name } = manager.metadata;
  const labels = {
    'longhorn.io/component': 'instance-manager',
    'longhorn.io/data-engine': 'v1',
    'longhorn.io/instance-manager-image': image.replace(/[^a-z0-9]+/gi, '-').slice(0, 60),
    'longhorn.io/instance-manager-type': 'aio',
    'longhorn.io/node': nodeID,
  };
  const container = {
    name: 'instance-manager',
    image,
    imagePullPolicy: 'IfNotPresent',
    securityContext: { privileged: true },
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: NAMESPACE, labels, ownerReferences: [ownerReference(manager)] },
    spec: {
      nodeName: nodeID,
      restartPolicy: 'Never',
      serviceAccountName: 'longhorn-service-account',
      priorityClassName,
      containers: [container],
    },
  };
}

const LOOK_AGAIN_SECONDS = 5;

/** Keeps the pod of an instance manager: one that ended, as after a power cut, is made anew while a manager lives. */
function followPod(stage: Stage, manager: KubeObject, wanted: KubeObject, lives: () => boolean): void {
  const queue = stage.queue(async () => {
    const now = await stage.api.get(pathOf(manager));
    if (now === undefined || now.metadata.deletionTimestamp !== undefined) return undefined;
    if (!lives()) return LOOK_AGAIN_SECONDS;
    const pod = pods.all()[0] ?? (await stage.api.ensure(wanted));
    const phase: string | undefined = pod['status']?.phase;
    const ended = phase === 'Failed' || phase === 'Succeeded';
    const currentState = phase === 'Running' ? 'running' : ended ? 'error' : 'starting';
    const ip = pod['status']?.podIP ?? '';
    await writeStatus(stage, now, { currentState, ownerID: manager['spec'].nodeID, ip, apiVersion: 6 });
    if (ended && pod.metadata.deletionTimestamp === undefined) await stage.api.remove(pathOf(pod));
    return undefined;
  });
  const pods = stage.follow({
    path: kindPath('v1', 'Pod', NAMESPACE),
    query: { fieldSelector: `metadata.name=${manager.metadata.name}` },
    on: () => queue.add(manager.metadata.name),
  });
  queue.add(manager.metadata.name);
}

function imageOf(pod: KubeObject, name: string): string {
  const container = pod['spec'].containers.find((one: Json) => flag(one, name) !== undefined);
  const image = container && flag(container, name);
  if (image === undefined) throw new Error(`the longhorn-manager pod is started without --${name}`);
  return image;
}
