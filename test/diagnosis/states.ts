import type { Json } from '#kube/json';

/** What kubelets write into the status of pods. */

const at = '2026-11-21T05:50:00Z';

function container(name: string, more: Json): Json {
  return { name, image: '', imageID: '', ready: false, restartCount: 0, lastState: {}, ...more };
}

function conditions(ready: boolean): readonly Json[] {
  const status = ready ? 'True' : 'False';
  const gone = ready ? {} : { reason: 'ContainersNotReady', message: 'containers with unready status' };
  return [
    { type: 'PodScheduled', status: 'True', lastTransitionTime: at },
    { type: 'Initialized', status: 'True', lastTransitionTime: at },
    { type: 'Ready', status, lastTransitionTime: at, ...gone },
    { type: 'ContainersReady', status, lastTransitionTime: at, ...gone },
  ];
}

export function running(name: string): Json {
  const state = { running: { startedAt: at } };
  const statuses = [container(name, { ready: true, started: true, state })];
  return {
    phase: 'Running',
    podIP: '10.42.0.9',
    podIPs: [{ ip: '10.42.0.9' }],
    conditions: conditions(true),
    containerStatuses: statuses,
  };
}

/** Runs, and its readiness probe says no. */
export function unready(name: string, restartCount = 0): Json {
  const state = { running: { startedAt: at } };
  const statuses = [container(name, { started: true, state, restartCount })];
  return {
    phase: 'Running',
    podIP: '10.42.0.9',
    podIPs: [{ ip: '10.42.0.9' }],
    conditions: conditions(false),
    containerStatuses: statuses,
  };
}

/** Waits between two starts, having ended with an exit code. */
export function crashing(name: string, restartCount = 4, ended: Json = {}): Json {
  const waiting = { reason: 'CrashLoopBackOff', message: `back-off 1m20s restarting failed container=${name}` };
  const terminated = { exitCode: 1, reason: 'Error', startedAt: at, finishedAt: at, ...ended };
  const statuses = [container(name, { state: { waiting }, lastState: { terminated }, restartCount })];
  return { phase: 'Running', conditions: conditions(false), containerStatuses: statuses };
}

export function outOfMemory(name: string, restartCount = 7): Json {
  return crashing(name, restartCount, { exitCode: 137, reason: 'OOMKilled' });
}

export function waiting(name: string, reason: string, message?: string): Json {
  const state = { waiting: { reason, ...(message === undefined ? {} : { message }) } };
  return { phase: 'Pending', conditions: conditions(false), containerStatuses: [container(name, { state })] };
}

export function creating(name: string): Json {
  return waiting(name, 'ContainerCreating');
}

/** Its init container ends badly again and again, or runs on. */
export function initFailing(init: string, name: string): Json {
  const failing = crashing(init);
  return { ...waiting(name, 'PodInitializing'), initContainerStatuses: failing.containerStatuses };
}

export function initRunning(init: string, name: string): Json {
  const state = { running: { startedAt: at } };
  return { ...waiting(name, 'PodInitializing'), initContainerStatuses: [container(init, { state, started: true })] };
}

export function unschedulable(message: string): Json {
  const scheduled = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message, lastTransitionTime: at };
  return { phase: 'Pending', conditions: [scheduled] };
}

/** A pod that ended for good. */
export function ended(name: string, exitCode: number): Json {
  const terminated = { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', startedAt: at, finishedAt: at };
  const phase = exitCode === 0 ? 'Succeeded' : 'Failed';
  return { phase, conditions: conditions(false), containerStatuses: [container(name, { state: { terminated } })] };
}

export function sandbox(message: string): string {
  return `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "b1a7c0de": plugin type="multus" name="multus-cni-network" failed (add): ${message}`;
}
