import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { imageName } from './image.ts';

/** A container as its kubelet knows it; `state` is as Kubernetes writes it. */
export interface ContainerView {
  readonly spec: Json;
  state: Json;
  lastState: Json;
  restarts: number;
  ready: boolean;
  /** The last line that it logged. */
  lastWords?: string;
}

/** A pod as its kubelet knows it. */
export interface PodView {
  readonly inits: readonly ContainerView[];
  readonly mains: readonly ContainerView[];
  readonly startTime: string;
  readonly hostIp: string;
  podIp?: string;
}

/** An init container that goes on running beside the others. */
export const isSidecar = (container: Json): boolean => container.restartPolicy === 'Always';

export function newContainer(spec: Json, waiting: string): ContainerView {
  return { spec, state: { waiting: { reason: waiting } }, lastState: {}, restarts: 0, ready: false };
}

/** The status that the kubelet writes for a pod; conditions of others are kept. */
export function podStatus(pod: KubeObject, view: PodView, now: string): Json {
  const phase = phaseOf(pod, view);
  return {
    phase,
    conditions: conditions(pod, view, phase, now),
    hostIP: view.hostIp,
    hostIPs: [{ ip: view.hostIp }],
    ...(view.podIp === undefined ? {} : { podIP: view.podIp, podIPs: [{ ip: view.podIp }] }),
    startTime: view.startTime,
    qosClass: qosClass(pod),
    ...(view.inits.length === 0 ? {} : { initContainerStatuses: view.inits.map(containerStatus) }),
    containerStatuses: view.mains.map(containerStatus),
  };
}

function containerStatus(view: ContainerView): Json {
  const image = imageName(view.spec.image);
  const started = view.state.running !== undefined;
  return {
    name: view.spec.name,
    image,
    imageID: started || view.state.terminated !== undefined ? image : '',
    state: view.state,
    lastState: view.lastState,
    restartCount: view.restarts,
    ready: view.ready,
    started,
    ...(started ? { containerID: `containerd://${view.spec.name}` } : {}),
  };
}

const exitOf = (view: ContainerView): number | undefined => view.state.terminated?.exitCode;

function phaseOf(pod: KubeObject, { inits, mains }: PodView): string {
  const restarts = pod['spec'].restartPolicy ?? 'Always';
  if (restarts !== 'Always') {
    const failedInit = restarts === 'Never' && inits.some((one) => !isSidecar(one.spec) && (exitOf(one) ?? 0) !== 0);
    if (failedInit) return 'Failed';
    if (mains.every((one) => exitOf(one) === 0)) return 'Succeeded';
    if (restarts === 'Never' && mains.every((one) => exitOf(one) !== undefined)) return 'Failed';
  }
  const begun = mains.some(
    (one) => one.state.waiting === undefined || one.restarts > 0 || one.lastState.terminated !== undefined,
  );
  return begun ? 'Running' : 'Pending';
}

const OWN = ['PodReadyToStartContainers', 'Initialized', 'ContainersReady', 'Ready', 'PodScheduled'];

function conditions(pod: KubeObject, view: PodView, phase: string, now: string): Json[] {
  const before: Json[] = pod['status']?.conditions ?? [];
  const done = phase === 'Succeeded';
  const containers = done ? COMPLETED : containersReady(view);
  const own: Json[] = [
    { type: 'PodReadyToStartContainers', status: view.podIp === undefined || done ? 'False' : 'True' },
    { type: 'Initialized', ...initialized(view, done) },
    { type: 'Ready', ...(containers.status === 'True' ? gates(pod, before) : containers) },
    { type: 'ContainersReady', ...containers },
    { type: 'PodScheduled', status: 'True' },
  ];
  return [...own.map((one) => since(one, before, now)), ...before.filter((one) => !OWN.includes(one.type))];
}

const COMPLETED = { status: 'False', reason: 'PodCompleted' };

function containersReady({ mains }: PodView): { status: string; reason?: string; message?: string } {
  const lacking = mains.filter((one) => !one.ready).map((one) => one.spec.name);
  if (lacking.length === 0) return { status: 'True' };
  const message = `containers with unready status: [${lacking.join(' ')}]`;
  return { status: 'False', reason: 'ContainersNotReady', message };
}

function initialized({ inits }: PodView, done: boolean): Json {
  if (done) return { status: 'True', reason: 'PodCompleted' };
  const over = (one: ContainerView) => exitOf(one) === 0 || (isSidecar(one.spec) && one.state.running !== undefined);
  return inits.every(over) ? { status: 'True' } : { status: 'False', reason: 'ContainersNotInitialized' };
}

/** Readiness gates are opened by others; a pod is not ready before all of theirs are true. */
function gates(pod: KubeObject, before: readonly Json[]): Json {
  const shut = (pod['spec'].readinessGates ?? []).find((one: Json) => !isTrue(before, one.conditionType));
  if (shut === undefined) return { status: 'True' };
  const message = `corresponding condition of pod readiness gate "${shut.conditionType}" does not exist.`;
  return { status: 'False', reason: 'ReadinessGatesNotReady', message };
}

function isTrue(conditions: readonly Json[], type: string): boolean {
  return conditions.some((one) => one.type === type && one.status === 'True');
}

function since(condition: Json, before: readonly Json[], now: string): Json {
  const old = before.find((one) => one.type === condition.type && one.status === condition.status);
  return { ...condition, lastTransitionTime: old?.lastTransitionTime ?? now };
}

function qosClass(pod: KubeObject): string {
  const all: Json[] = pod['spec'].containers.map((one: Json) => one.resources ?? {});
  const sure = all.every(
    ({ limits, requests }) =>
      limits?.cpu &&
      limits.memory &&
      (requests?.cpu ?? limits.cpu) === limits.cpu &&
      (requests?.memory ?? limits.memory) === limits.memory,
  );
  if (sure) return 'Guaranteed';
  return all.some(({ limits, requests }) => limits !== undefined || requests !== undefined)
    ? 'Burstable'
    : 'BestEffort';
}
