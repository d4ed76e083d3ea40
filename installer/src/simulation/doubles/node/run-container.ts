import { recordEvent } from '../event.ts';
import { imageProblem } from './image.ts';
import { environmentProblem } from './mount.ts';
import type { PodLife } from './pod-life.ts';
import type { ContainerView } from './pod-status.ts';
import type { Outcome, Process, Program } from './program.ts';

const FIRST_BACKOFF = 10;
const LONGEST_BACKOFF = 300;

/** Runs a container for as long as its pod lives, starting it again when it ends and the pod wants that. */
export async function keepRunning(life: PodLife, view: ContainerView): Promise<void> {
  for (let crashes = 0; ; crashes++) {
    const outcome = await startOnce(life, view);
    if (outcome === 'serving') return await becomeReady(life, view);
    if (!(await restarts(life, view, outcome.exitCode, crashes))) return;
  }
}

/** Runs an init container until it ends well; false when the pod is over because it did not. */
export async function runToEnd(life: PodLife, view: ContainerView): Promise<boolean> {
  if (view.state.terminated?.exitCode === 0) return true;
  for (let crashes = 0; ; crashes++) {
    const outcome = await startOnce(life, view, { exitCode: 0 });
    const exitCode = outcome === 'serving' ? 0 : outcome.exitCode;
    if (exitCode === 0) {
      view.ready = true;
      return true;
    }
    if (!(await restarts(life, view, exitCode, crashes))) return false;
  }
}

async function startOnce(life: PodLife, view: ContainerView, usual?: Outcome): Promise<Outcome> {
  await untilImage(life, view);
  await untilEnvironment(life, view);
  const startedAt = life.stage.now();
  const program = programOf(life, view);
  view.state = { running: { startedAt } };
  if (program !== undefined) await life.report();
  const outcome = program === undefined ? await unknown(life, usual) : await program.run(processOf(life, view));
  life.signal.throwIfAborted();
  if (outcome !== 'serving') view.state = { terminated: terminated(life, view, outcome, startedAt) };
  return outcome;
}

export function programOf(life: PodLife, view: ContainerView): Program | undefined {
  return life.programs.find((program) => program.fits(view.spec, life.pod()));
}

/** A program that nobody described: a Job's ends well after a while, an init container's soon, any other serves. */
async function unknown(life: PodLife, usual?: Outcome): Promise<Outcome> {
  const ofJob = (life.pod().metadata.ownerReferences ?? []).some((owner) => owner.kind === 'Job');
  if (usual === undefined && !ofJob) return 'serving';
  await life.sleep(usual === undefined ? 3 : 1);
  return { exitCode: 0 };
}

export function processOf(life: PodLife, view: ContainerView): Process {
  const pod = life.pod();
  const log = `${pod.metadata.namespace}/${pod.metadata.name}/${view.spec.name}`;
  const { stage, signal, kubelet } = life;
  // An earlier pod of the same name has said what it said.
  if (view.restarts === 0) stage.bench.logs.clear(log);
  // The words of the run before stay readable until this one says something.
  let silent = view.restarts > 0;
  return {
    stage,
    signal,
    machine: kubelet.machine,
    dataDir: kubelet.config.dataDir,
    pod,
    container: view.spec,
    restarts: view.restarts,
    sleep: life.sleep,
    say(line) {
      if (silent) stage.bench.logs.clear(log);
      silent = false;
      view.lastWords = line;
      stage.bench.logs.append(log, `${line}\n`);
    },
  };
}

async function becomeReady(life: PodLife, view: ContainerView): Promise<void> {
  const { readinessProbe, startupProbe } = view.spec;
  const delay = (startupProbe?.initialDelaySeconds ?? 0) + (readinessProbe?.initialDelaySeconds ?? 0);
  if (delay > 3) await life.report();
  if (readinessProbe !== undefined || startupProbe !== undefined) await life.sleep(Math.max(delay, 1));
  view.ready = true;
  await life.report();
}

function terminated(
  life: PodLife,
  view: ContainerView,
  { exitCode, ...ended }: Exclude<Outcome, 'serving'>,
  startedAt: string,
): object {
  const reason = ended.reason ?? (exitCode === 0 ? 'Completed' : 'Error');
  const told = view.spec.terminationMessagePolicy === 'FallbackToLogsOnError' && exitCode !== 0 && view.lastWords;
  return { exitCode, reason, startedAt, finishedAt: life.stage.now(), ...(told ? { message: view.lastWords } : {}) };
}

/** Whether the container is to run again; then it has waited its turn. */
async function restarts(life: PodLife, view: ContainerView, exitCode: number, crashes: number): Promise<boolean> {
  view.ready = false;
  const policy = life.pod()['spec'].restartPolicy ?? 'Always';
  if (policy === 'Never' || (policy === 'OnFailure' && exitCode === 0)) {
    await life.report();
    return false;
  }
  view.lastState = view.state;
  if (crashes > 0) await backOff(life, view, Math.min(FIRST_BACKOFF * 2 ** (crashes - 1), LONGEST_BACKOFF));
  view.restarts++;
  return true;
}

async function backOff(life: PodLife, view: ContainerView, seconds: number): Promise<void> {
  const { name, namespace, uid } = life.pod().metadata;
  const limit = seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
  const message = `back-off ${limit} restarting failed container=${view.spec.name} pod=${name}_${namespace}(${uid})`;
  view.state = { waiting: { reason: 'CrashLoopBackOff', message } };
  await life.report();
  const about = `Back-off restarting failed container ${view.spec.name} in pod ${name}_${namespace}(${uid})`;
  await recordEvent(life.stage, { about: life.pod(), reason: 'BackOff', message: about, by: 'kubelet' });
  await life.sleep(seconds);
}

async function untilImage(life: PodLife, view: ContainerView): Promise<void> {
  const { stage, kubelet } = life;
  for (let wait = FIRST_BACKOFF; ; wait = Math.min(wait * 2, LONGEST_BACKOFF)) {
    const problem = imageProblem(stage.bench, kubelet.machine, view.spec);
    if (problem === undefined) return;
    await life.sleep(1);
    view.state = { waiting: { reason: 'ErrImagePull', message: problem } };
    await life.report();
    const message = `Failed to pull image "${view.spec.image}": ${problem}`;
    await recordEvent(stage, { about: life.pod(), reason: 'Failed', message, by: 'kubelet' });
    await life.sleep(2);
    const backing = `Back-off pulling image "${view.spec.image}": ErrImagePull: ${problem}`;
    view.state = { waiting: { reason: 'ImagePullBackOff', message: backing } };
    await life.report();
    await life.sleep(wait);
  }
}

async function untilEnvironment(life: PodLife, view: ContainerView): Promise<void> {
  for (let wait = 5; ; wait = Math.min(wait * 2, 40)) {
    const message = await environmentProblem(life.stage, life.pod(), view.spec);
    if (message === undefined) return;
    view.state = { waiting: { reason: 'CreateContainerConfigError', message } };
    await life.report();
    await life.sleep(wait);
  }
}
