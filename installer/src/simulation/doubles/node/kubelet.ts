import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { mayPass } from '../kube-api.ts';
import { pathOf } from '../kube-path.ts';
import type { Change } from '../shelf.ts';
import { addressPool } from './address-pool.ts';
import type { Kubelet } from './node-agent.ts';
import { type Beginning, type PodLife, podLife } from './pod-life.ts';
import type { Program } from './program.ts';
import { processOf, programOf } from './run-container.ts';
import { runPod, unlessEnded } from './run-pod.ts';

const RETRY_SECONDS = 5;
const OVER = new Set(['Succeeded', 'Failed']);

interface Running {
  readonly life: PodLife;
  readonly end: AbortController;
  pod: KubeObject;
  leaving: boolean;
}

/** What a kubelet does with the pods of its node. */
export interface PodRunner {
  see(change: Change): void;
  /** The containers are gone without a word: the machine went down. */
  drop(): void;
}

/** Runs the pods that were given to a node. */
export function podRunner(stage: Stage, kubelet: Kubelet, programs: readonly Program[], index: number): PodRunner {
  const running = new Map<string, Running>();
  const inUse = () => [...running.values()].map((one) => one.life.view.podIp);
  const lease = addressPool(kubelet.config.clusterCidr, index, inUse);
  const begin = (pod: KubeObject): Running => {
    const entry = startPod({ stage, kubelet, programs, lease }, pod);
    running.set(String(pod.metadata.uid), entry);
    return entry;
  };
  const forget = (uid: string) => {
    running.get(uid)?.end.abort();
    running.delete(uid);
  };
  const see = ({ type, object: pod }: Change) => {
    const uid = String(pod.metadata.uid);
    const known = running.get(uid);
    if (type === 'DELETED' || (known === undefined && isOver(pod))) return forget(uid);
    if (known !== undefined) known.pod = pod;
    const entry = known ?? begin(pod);
    if (pod.metadata.deletionTimestamp !== undefined) leave(stage, entry);
    else if (known !== undefined) follow(stage, entry);
  };
  return { see, drop: () => [...running.keys()].forEach(forget) };
}

/** Begins with a pod; one that is leaving already is only there to be taken away. */
function startPod(about: Omit<Beginning, 'signal' | 'pod'>, pod: KubeObject): Running {
  const end = new AbortController();
  const one: { pod: KubeObject } = { pod };
  const life = podLife({ ...about, signal: end.signal, pod: () => one.pod });
  const entry: Running = Object.assign(one, { life, end, leaving: false });
  const { stage, kubelet } = about;
  if (pod.metadata.deletionTimestamp === undefined) {
    stage.spawn(() =>
      unlessEnded(
        life,
        persist(life, () => start(life, kubelet)),
      ),
    );
  }
  return entry;
}

/** A kubelet tries again what the API server refuses. */
async function persist(life: PodLife, task: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await task();
    } catch (error) {
      if (!mayPass(error)) throw error;
      await life.sleep(RETRY_SECONDS);
    }
  }
}

function isOver(pod: KubeObject): boolean {
  return OVER.has(pod['status']?.phase) && pod.metadata.deletionTimestamp === undefined;
}

/** Somebody else changed the pod: its end is respected, a readiness gate of it may have opened. */
function follow(stage: Stage, { pod, life, end }: Running): void {
  if (OVER.has(pod['status']?.phase)) return end.abort();
  if ((pod['spec'].readinessGates ?? []).length > 0) stage.spawn(() => unlessEnded(life, life.report()));
}

/** Picks up a pod of before: after a restart of the machine nothing of it runs any more. */
async function start(life: PodLife, kubelet: Kubelet): Promise<void> {
  const pod = life.pod();
  const lived = pod['status']?.phase === 'Running';
  if (lived && kubelet.sameBoot) return;
  if (lived && pod['spec'].restartPolicy === 'Never') return loseContainers(life);
  if (lived) markRestarted(life);
  await runPod(life);
}

async function loseContainers(life: PodLife): Promise<void> {
  const finishedAt = life.stage.now();
  for (const view of life.view.mains) {
    view.state = { terminated: { exitCode: 255, reason: 'Unknown', startedAt: finishedAt, finishedAt } };
    view.ready = false;
  }
  await life.report();
}

function markRestarted({ view, stage }: PodLife): void {
  const finishedAt = stage.now();
  delete view.podIp;
  for (const one of [...view.inits, ...view.mains]) {
    one.lastState = { terminated: { exitCode: 255, reason: 'Unknown', startedAt: finishedAt, finishedAt } };
    one.state = { waiting: { reason: view.inits.length > 0 ? 'PodInitializing' : 'ContainerCreating' } };
    one.restarts++;
    one.ready = false;
  }
}

function leave(stage: Stage, entry: Running): void {
  if (entry.leaving) return;
  entry.leaving = true;
  const { life, end, pod } = entry;
  const serving = [...life.view.mains, ...life.view.inits].filter((one) => one.state.running !== undefined);
  end.abort();
  stage.spawn(async () => {
    for (const view of serving) await programOf(life, view)?.stop?.(processOf(life, view));
    if (serving.length > 0 && pod['spec'].terminationGracePeriodSeconds !== 0) await stage.pause(1);
    // A refusal means that another pod has the name by now.
    await stage.api
      .remove(pathOf(pod), { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } })
      .catch((error: unknown) => {
        if (!mayPass(error)) throw error;
      });
  });
}
