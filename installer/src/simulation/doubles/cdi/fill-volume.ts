import type { Json } from '#kube/json';
import { pathOf } from '../kube-path.ts';
import { isBound } from './data-volume-status.ts';
import { type Filler, tell } from './filler.ts';
import { importProblem } from './import-outcome.ts';
import { fillingOf } from './importer-pod.ts';

const RETAIN = 'cdi.kubevirt.io/storage.pod.retainAfterCompletion';

/** What a DataVolume shows while its pod works, and what becomes of both. */
export async function fill(filler: Filler, volume: Json, claim: Json, pod: Json): Promise<number | undefined> {
  const { verb } = fillingOf(volume);
  const bound = claim.status?.phase === 'Bound' ? { bound: isBound(volume.metadata.name) } : {};
  if (pod.status?.phase === 'Succeeded') return finish(filler, volume, pod);
  if (crashes(pod)) return restart(filler, pod);
  if (!runs(pod)) {
    const waiting = waitingReason(pod);
    return tell(filler, volume, { phase: `${verb}Scheduled`, ...bound, running: { status: 'False', ...waiting } });
  }
  if (verb === 'Upload')
    return tell(filler, volume, {
      phase: 'UploadReady',
      ...bound,
      running: { status: 'True', reason: 'Pod is running' },
    });
  const problem = importProblem(filler.stage.bench, volume, claim, pod.spec.nodeName);
  if (problem !== undefined) return fail(filler, volume, pod, { problem, bound });
  return work(filler, volume, pod, bound);
}

/** A pod that runs is a pod at work: also after a power cut, when it begins again. */
async function work(filler: Filler, volume: Json, pod: Json, bound: Json): Promise<undefined> {
  const { stage } = filler;
  const { verb } = fillingOf(volume);
  const running = { status: 'True', reason: 'Pod is running' };
  let current = volume;
  for (const share of steps(volume)) {
    await tell(filler, current, { phase: `${verb}InProgress`, progress: `${share.toFixed(2)}%`, ...bound, running });
    await stage.pause(volume.spec.source?.blank === undefined ? 3 : 1);
    current = (await stage.api.get(pathOf(volume))) ?? current;
  }
  const ended = { state: { terminated: { exitCode: 0, reason: 'Completed', finishedAt: stage.now() } }, ready: false };
  const containerStatuses = pod.status.containerStatuses.map((one: Json) => ({ ...one, ...ended }));
  await stage.api.patchStatus(pathOf(pod), { phase: 'Succeeded', containerStatuses });
}

function steps(volume: Json): readonly number[] {
  return volume.spec.source?.blank === undefined ? [0, 23.51, 61.02, 98.27] : [0];
}

async function finish(filler: Filler, volume: Json, pod: Json): Promise<undefined> {
  const { verb } = fillingOf(volume);
  const running = { status: 'False', reason: 'Completed', message: `${verb} Complete` };
  await tell(filler, volume, { phase: 'Succeeded', progress: '100.0%', bound: isBound(volume.metadata.name), running });
  if (volume.metadata.annotations?.[RETAIN] !== 'true') await filler.stage.api.remove(pathOf(pod));
}

/** The container ends with an error, and the kubelet starts it again, slower each time. */
async function fail(
  { stage, ...filler }: Filler,
  volume: Json,
  pod: Json,
  { problem, bound }: { readonly problem: string; readonly bound: Json },
): Promise<undefined> {
  const running = { status: 'False', reason: 'Error', message: problem };
  const restarts = restartsOf(pod) + 1;
  await tell({ stage, ...filler }, volume, { phase: 'ImportInProgress', ...bound, running, restarts });
  const { name, namespace, uid } = pod.metadata;
  const back = `back-off ${backOff(restarts)}s restarting failed container=importer pod=${name}_${namespace}(${uid})`;
  const terminated = { exitCode: 1, reason: 'Error', message: problem, finishedAt: stage.now() };
  const ended = { lastState: { terminated }, restartCount: restarts, ready: false };
  const containerStatuses = pod.status.containerStatuses.map((one: Json) => ({
    ...one,
    ...ended,
    state: { waiting: { reason: 'CrashLoopBackOff', message: back } },
  }));
  stage.bench.logs.append(`${namespace}/${name}/importer`, `${problem}\n`);
  const unready = { status: 'False', reason: 'ContainersNotReady' };
  const conditions = pod.status.conditions.map((one: Json) =>
    one.type.endsWith('Ready') ? { ...one, ...unready } : one,
  );
  await stage.api.patchStatus(pathOf(pod), { containerStatuses, conditions });
}

function restartsOf(pod: Json): number {
  return pod.status?.containerStatuses?.[0]?.restartCount ?? 0;
}

/** Seconds that the kubelet waits before it starts a container for the next time. */
function backOff(restarts: number): number {
  return Math.min(10 * 2 ** (restarts - 1), 300);
}

/** The kubelet starts the container again once its time has come; until then, answers how many seconds that takes. */
async function restart({ stage }: Filler, pod: Json): Promise<number | undefined> {
  const [first] = pod.status.containerStatuses;
  const ended = Date.parse(first.lastState.terminated.finishedAt);
  const left = backOff(restartsOf(pod)) - (stage.bench.clock.now() - ended) / 1000;
  if (left > 0) return left;
  const state = { running: { startedAt: stage.now() } };
  const containerStatuses = pod.status.containerStatuses.map((one: Json) => ({ ...one, state, ready: true }));
  await stage.api.patchStatus(pathOf(pod), { containerStatuses });
  return undefined;
}

function crashes(pod: Json): boolean {
  const statuses: readonly Json[] = pod.status?.containerStatuses ?? [];
  return statuses.some((one) => one.state?.waiting?.reason === 'CrashLoopBackOff');
}

function runs(pod: Json): boolean {
  const statuses: readonly Json[] = pod.status?.containerStatuses ?? [];
  return (
    pod.status?.phase === 'Running' && statuses.length > 0 && statuses.every((one) => one.state?.running !== undefined)
  );
}

function waitingReason(pod: Json): Json {
  const statuses: readonly Json[] = pod.status?.containerStatuses ?? [];
  const waiting = statuses.map((one) => one.state?.waiting).find((one) => one !== undefined);
  if (waiting !== undefined) return { reason: waiting.reason, ...(waiting.message && { message: waiting.message }) };
  const unplaced = (pod.status?.conditions ?? []).find(
    (one: Json) => one.type === 'PodScheduled' && one.status === 'False',
  );
  return unplaced === undefined ? { reason: 'Pending' } : { reason: unplaced.reason, message: unplaced.message };
}
