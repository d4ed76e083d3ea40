import { setMaxListeners } from 'node:events';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { pathOf } from '../kube-path.ts';
import type { Kubelet } from './node-agent.ts';
import { addressOf } from './node-object.ts';
import { type ContainerView, newContainer, type PodView, podStatus } from './pod-status.ts';
import type { Program } from './program.ts';

/** One pod on one machine, from its first volume to its last container. */
export interface PodLife {
  readonly stage: Stage;
  readonly kubelet: Kubelet;
  readonly programs: readonly Program[];
  readonly view: PodView;
  /** Aborts when the pod is to end. */
  readonly signal: AbortSignal;
  /** Addresses of the pod network on this machine. */
  readonly lease: () => string;
  /** The pod as the API server has it now. */
  pod(): KubeObject;
  /** Writes the status, when it is another than the last written. */
  report(): Promise<void>;
  sleep(seconds: number): Promise<void>;
}

export interface Beginning {
  readonly stage: Stage;
  readonly kubelet: Kubelet;
  readonly programs: readonly Program[];
  readonly signal: AbortSignal;
  readonly lease: () => string;
  pod(): KubeObject;
}

export function podLife(beginning: Beginning): PodLife {
  const { stage, kubelet } = beginning;
  const view = viewOf(beginning.pod(), addressOf(kubelet.machine), stage.now());
  const signal = AbortSignal.any([beginning.signal, stage.bench.signal]);
  setMaxListeners(0, signal);
  let written = '';
  const write = async () => {
    const pod = beginning.pod();
    const status = podStatus(pod, view, stage.now());
    if (signal.aborted || JSON.stringify(status) === written) return;
    written = JSON.stringify(status);
    await stage.api.patchStatus(pathOf(pod), status);
  };
  // One after the other: what is sent later must not arrive earlier.
  let writing = Promise.resolve();
  return {
    ...beginning,
    view,
    signal,
    report() {
      const done = writing.then(write);
      writing = done.catch(() => undefined);
      return done;
    },
    sleep: (seconds) => stage.bench.clock.sleep(seconds * 1000 * (0.9 + stage.bench.random() / 5), signal),
  };
}

function viewOf(pod: KubeObject, hostIp: string, now: string): PodView {
  const { initContainers = [], containers } = pod['spec'];
  const status = pod['status'] ?? {};
  const known = new Map<string, Json>(
    [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].map((one: Json) => [one.name, one]),
  );
  const restore = (waiting: string) => (spec: Json) => restored(spec, known.get(spec.name), waiting);
  const waiting = initContainers.length > 0 ? 'PodInitializing' : 'ContainerCreating';
  return {
    inits: initContainers.map(restore('PodInitializing')),
    mains: containers.map(restore(waiting)),
    startTime: status.startTime ?? now,
    hostIp,
    ...(status.podIP === undefined ? {} : { podIp: status.podIP }),
  };
}

function restored(spec: Json, status: Json, waiting: string): ContainerView {
  if (status === undefined) return newContainer(spec, waiting);
  const { state = {}, lastState = {}, restartCount = 0, ready = false } = status;
  return { spec, state, lastState, restarts: restartCount, ready };
}
