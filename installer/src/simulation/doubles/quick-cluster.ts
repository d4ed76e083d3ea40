import type { Json } from '#kube/json';
import type { Double } from '../bench.ts';
import { double, type Stage } from './double.ts';
import { kindPath, pathOf } from './kube-path.ts';
import { quantity } from './quantity.ts';

const control = {
  'node-role.kubernetes.io/control-plane': 'true',
  'kubernetes.io/arch': 'amd64',
  'kubernetes.io/os': 'linux',
};

/** For tests of the platform doubles: what kwok does to a cluster. Everything that is wanted is there a second later. */
export function quickCluster(missing: ReadonlySet<string>): Double {
  return double('the quick cluster', async (stage) => {
    await stage.api.ensure({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-a', labels: control } });
    for (const kind of ['Deployment', 'DaemonSet']) {
      const queue = stage.queue(async (path) => workload(stage, await stage.api.get(path), missing));
      stage.follow({ path: kindPath('apps/v1', kind), on: ({ object }) => queue.add(pathOf(object)) });
    }
    const pods = stage.queue(async (path) => pod(stage, await stage.api.get(path), missing));
    stage.follow({ path: kindPath('v1', 'Pod'), on: ({ object }) => pods.add(pathOf(object)) });
    const claims = stage.queue(async (path) => claim(stage, await stage.api.get(path)));
    stage.follow({ path: kindPath('v1', 'PersistentVolumeClaim'), on: ({ object }) => claims.add(pathOf(object)) });
  });
}

function imagesOf(spec: Json): readonly string[] {
  return [...(spec.initContainers ?? []), ...spec.containers].map((one: Json) => one.image);
}

async function workload(stage: Stage, object: Json, missing: ReadonlySet<string>): Promise<void> {
  if (object === undefined || object.status?.observedGeneration === object.metadata.generation) return;
  await stage.pause(0.8);
  const absent = imagesOf(object.spec.template.spec).some((image) => missing.has(image));
  const count = object.kind === 'DaemonSet' ? 1 : (object.spec.replicas ?? 1);
  const ready = absent ? 0 : count;
  const conditions = [{ type: 'Available', status: absent ? 'False' : 'True', lastTransitionTime: stage.now() }];
  const deployment = {
    conditions,
    replicas: count,
    updatedReplicas: count,
    readyReplicas: ready,
    availableReplicas: ready,
  };
  const daemonSet = {
    desiredNumberScheduled: count,
    currentNumberScheduled: count,
    numberMisscheduled: 0,
    numberReady: ready,
    updatedNumberScheduled: count,
  };
  const counts = object.kind === 'DaemonSet' ? daemonSet : deployment;
  await stage.api.patchStatus(pathOf(object), { observedGeneration: object.metadata.generation, ...counts });
  if (object.metadata.name === 'virt-handler' && !absent) await stage.api.ensure(handlerPod(object));
}

/** The one pod of a DaemonSet that a double looks at. */
function handlerPod(object: Json): Json {
  const { metadata, spec } = object.spec.template;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name: 'virt-handler-x7k2p', namespace: object.metadata.namespace },
    spec: { containers: spec.containers },
  };
}

async function pod(stage: Stage, object: Json, missing: ReadonlySet<string>): Promise<void> {
  if (object === undefined) return;
  if (object.metadata.deletionTimestamp !== undefined) {
    await stage.pause(1);
    return stage.api.remove(pathOf(object), { gracePeriodSeconds: 0 });
  }
  if (object.status?.phase !== 'Pending') return;
  if (object.spec.nodeName === undefined) {
    const binding = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: object.metadata.name },
      target: { kind: 'Node', name: 'node-a' },
    };
    await stage.bench.transport.request({ method: 'POST', path: `${pathOf(object)}/binding`, body: binding });
    return;
  }
  await stage.pause(0.8);
  const states = object.spec.containers.map((one: Json) => containerStatus(one, missing.has(one.image), stage.now()));
  const ok = states.every((one: Json) => one.ready);
  const conditions = (object.status.conditions ?? []).filter((one: Json) => one.type !== 'Ready');
  await stage.api.patchStatus(pathOf(object), {
    phase: ok ? 'Running' : 'Pending',
    podIP: '10.42.0.8',
    podIPs: [{ ip: '10.42.0.8' }],
    containerStatuses: states,
    conditions: [...conditions, { type: 'Ready', status: ok ? 'True' : 'False', lastTransitionTime: stage.now() }],
  });
}

function containerStatus(spec: Json, absent: boolean, now: string): Json {
  const waiting = { reason: 'ErrImagePull', message: `failed to pull image "${spec.image}"` };
  const state = absent ? { waiting } : { running: { startedAt: now } };
  return { name: spec.name, image: spec.image, imageID: '', ready: !absent, restartCount: 0, state, lastState: {} };
}

async function claim(stage: Stage, object: Json): Promise<void> {
  if (object === undefined) return;
  if (object.metadata.deletionTimestamp !== undefined)
    return void (await stage.api.patch(pathOf(object), { metadata: { finalizers: [] } }));
  if (object.status?.phase === 'Bound') return grow(stage, object);
  const name: string | undefined = object.spec.storageClassName;
  const storageClass: Json = await stage.api.get(`${kindPath('storage.k8s.io/v1', 'StorageClass')}/${name ?? ''}`);
  if (storageClass === undefined || storageClass.volumeBindingMode === 'WaitForFirstConsumer') return;
  await stage.pause(1);
  await stage.api.patch(pathOf(object), { spec: { volumeName: `pvc-${object.metadata.uid}` } });
  await stage.api.patchStatus(pathOf(object), {
    phase: 'Bound',
    accessModes: object.spec.accessModes,
    capacity: object.spec.resources.requests,
  });
}

async function grow(stage: Stage, { metadata, spec, status }: Json): Promise<void> {
  const { storage } = spec.resources.requests;
  if (quantity(storage) <= quantity(status.capacity?.storage)) return;
  const type = 'ControllerResizeError';
  const fails = stage.bench.troubles.has('resize-fails', metadata.name);
  if (fails && (status.conditions ?? []).some((one: Json) => one.type === type)) return;
  await stage.pause(1);
  const message = 'failed to expand pvc: insufficient storage';
  const failed = { type, status: 'True', message, lastProbeTime: null, lastTransitionTime: stage.now() };
  await stage.api.patchStatus(pathOf({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata }), {
    conditions: fails ? [failed] : [],
    allocatedResourceStatuses: fails ? { storage: 'ControllerResizeInfeasible' } : null,
    ...(fails ? {} : { capacity: { storage } }),
  });
}
