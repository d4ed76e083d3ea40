import { meaningOf } from '#diagnosis/signatures';
import { type Place, remediesOf } from '#diagnosis/signatures/signature';
import { Fault } from '#engine/fault';
import type { Json } from '#kube/json';
import type { KubeObject } from '#ports/cluster';
import type { Sight } from '#ports/world';
import { type ImageTrouble, imageTrouble, type Pull } from './image-trouble.ts';
import { nodeTrouble } from './node-trouble.ts';
import { nameOf } from './object-name.ts';
import { outOfMemory } from './out-of-memory.ts';
import type { Persistence } from './persistence.ts';
import { ownerOf } from './pod-owner.ts';

/** Why a pod does not do its work yet. */
export interface Trouble {
  readonly because: string;
  readonly hopeless?: Fault;
  readonly blame?: Fault;
}

/** A sandbox that fails for so long will not come: the network of the node is broken. */
const sandboxPatience = 60_000;
/** Nothing of an installation ends and makes room: what fits nowhere for so long never will. */
const schedulePatience = 5 * 60_000;
const imageReasons = new Set(['ErrImagePull', 'ImagePullBackOff', 'ErrImageNeverPull', 'InvalidImageName']);
const ordinary = new Set(['ContainerCreating', 'PodInitializing']);

/** Digs from a pod through its containers, events and logs to the reason; undefined when it is ready or ended well. */
export async function podTrouble(pod: KubeObject, sight: Sight, lasting: Persistence): Promise<Trouble | undefined> {
  const status: Json = pod['status'] ?? {};
  if (status.phase === 'Succeeded' || isReady(status)) return undefined;
  const name = nameOf(pod);
  const scheduled = (status.conditions ?? []).find((one: Json) => one.type === 'PodScheduled');
  if (scheduled?.status === 'False') return unscheduled(pod, scheduled.message ?? scheduled.reason, sight, lasting);
  const containers: Json[] = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  for (const container of containers) {
    const { waiting, terminated } = container.state ?? {};
    if (waiting !== undefined && imageReasons.has(waiting.reason)) return pulled(pod, container, sight, lasting);
    const ended = (terminated !== undefined && terminated.exitCode !== 0) || isBetweenCrashes(container);
    if (waiting?.reason === 'CrashLoopBackOff' || ended) return failing(pod, container, sight);
    if (waiting !== undefined && !ordinary.has(waiting.reason))
      return { because: `container ${container.name} of ${name}: ${waiting.reason}: ${waiting.message ?? ''}` };
  }
  return (await fromEvents(pod, sight, lasting)) ?? { because: waitsFor(name, containers) };
}

function placeOf({ metadata, spec }: Json): Place {
  const { namespace, name } = metadata;
  return { node: spec?.nodeName ?? 'NODE', namespace, pod: name, name };
}

/** It runs again for a moment, and is not ready: what ended it before will most likely end it again. */
function isBetweenCrashes({ ready, state, lastState, restartCount }: Json): boolean {
  const { exitCode = 0, reason } = lastState?.terminated ?? {};
  const chances = reason === 'OOMKilled' ? 0 : 1;
  return ready !== true && state?.running !== undefined && restartCount > chances && exitCode !== 0;
}

function isReady({ conditions = [] }: Json): boolean {
  return conditions.some((one: Json) => one.type === 'Ready' && one.status === 'True');
}

function waitsFor(name: string, containers: readonly Json[]): string {
  const starting = containers.find((one) => one.state?.running === undefined && one.state?.terminated === undefined);
  if (starting !== undefined) return `container ${starting.name} of ${name} is starting`;
  const unready = containers.find((one) => one.ready === false && one.state?.running !== undefined);
  return unready === undefined ? `${name} is being started` : `container ${unready.name} of ${name} is not ready yet`;
}

async function unscheduled(pod: KubeObject, message: string, sight: Sight, lasting: Persistence): Promise<Trouble> {
  const name = nameOf(pod);
  const node = await nodeThatIsDown(sight);
  if (node !== undefined) {
    const trouble = nodeTrouble(node, sight.now(), lasting);
    return { ...trouble, because: `${name} fits no node: ${trouble.because}` };
  }
  const known = meaningOf(message);
  const fault = new Fault({
    code: 'POD-FAILING',
    message: `${name} fits no node`,
    cause: known === undefined ? message : new Error(known.cause, { cause: message }),
    where: [`object ${name}`],
    remedy:
      known === undefined
        ? ['kubectl describe nodes          what they offer, and what is taken']
        : remediesOf(known, placeOf(pod)),
  });
  const stayed = lasting.stayed(`unscheduled ${pod.metadata.uid} ${message}`, sight.now(), schedulePatience);
  return { because: `${name} fits no node: ${message}`, ...(stayed ? { hopeless: fault } : { blame: fault }) };
}

/** When no node is Ready, that is the reason, whatever the scheduler says. */
async function nodeThatIsDown({ cluster }: Sight): Promise<Json> {
  const nodes: readonly Json[] = await cluster.list({ apiVersion: 'v1', kind: 'Node' });
  return nodes.some(({ status = {} }) => isReady(status)) ? undefined : nodes[0];
}

async function pulled(pod: KubeObject, container: Json, sight: Sight, lasting: Persistence): Promise<ImageTrouble> {
  const spec: Json = pod['spec'];
  const { message = container.state.waiting.reason } = container.state.waiting;
  const said = (await lastEvent(pod, sight, 'Failed')) ?? '';
  const image = container.image || spec.containers.find((one: Json) => one.name === container.name)?.image;
  const pull: Pull = {
    image,
    message: !message.includes('failed to') && said !== '' ? `${message}: ${said}` : message,
    pod: nameOf(pod),
    container: container.name,
    owner: ownerOf(pod),
    node: spec.nodeName ?? 'the node',
  };
  return imageTrouble(pull, sight, lasting);
}

async function failing(pod: KubeObject, container: Json, sight: Sight): Promise<Trouble> {
  const { name, namespace = 'default' } = pod.metadata;
  const ended = container.state?.terminated ?? container.lastState?.terminated ?? {};
  if (ended.reason === 'OOMKilled') {
    const blame = outOfMemory(pod, container.name);
    return { because: blame.message, blame };
  }
  const log = await sight.cluster.logs({ namespace, name, container: container.name, tailLines: 10 });
  const lines = (ended.message ?? log ?? '').trim().split('\n').filter(Boolean);
  const last = lines.at(-1) ?? `exit code ${ended.exitCode ?? 'unknown'}`;
  const known = meaningOf(lines.join('\n'));
  const what = `container ${container.name} of ${nameOf(pod)} keeps failing`;
  const restarts = container.restartCount > 0 ? ` (restarted ${container.restartCount} times)` : '';
  return {
    because: `${what}${restarts}: ${known?.cause ?? last}`,
    blame: new Fault({
      code: 'POD-FAILING',
      message: `${what}${restarts}`,
      cause: known === undefined ? last : new Error(known.cause, { cause: last }),
      where: [`object ${nameOf(pod)}`],
      evidence: lines.slice(-5),
      remedy:
        known === undefined
          ? [`kubectl -n ${namespace} logs ${name} -c ${container.name} --previous`]
          : remediesOf(known, placeOf(pod)),
    }),
  };
}

async function fromEvents(pod: KubeObject, sight: Sight, lasting: Persistence): Promise<Trouble | undefined> {
  const sandbox = await lastEvent(pod, sight, 'FailedCreatePodSandBox');
  if (sandbox !== undefined) return withoutNetwork(pod, sandbox, sight, lasting);
  for (const reason of ['FailedMount', 'FailedAttachVolume', 'FailedMapVolume']) {
    const message = await lastEvent(pod, sight, reason);
    if (message !== undefined) return { because: `${nameOf(pod)} waits for a volume: ${message}` };
  }
  return undefined;
}

function withoutNetwork(pod: KubeObject, message: string, sight: Sight, lasting: Persistence): Trouble {
  const known = meaningOf(message);
  const culprit = /multus/i.test(message) ? ', and Multus is what fails' : '';
  const fault = new Fault({
    code: 'NETWORK-BROKEN',
    message: `${nameOf(pod)} gets no network${culprit}`,
    cause: known === undefined ? message : new Error(known.cause, { cause: message }),
    where: [`object ${nameOf(pod)}`],
    remedy:
      known === undefined
        ? [`kubectl -n ${pod.metadata.namespace} describe pod ${pod.metadata.name}`]
        : remediesOf(known, placeOf(pod)),
  });
  const stayed = lasting.stayed(`sandbox ${pod.metadata.uid}`, sight.now(), sandboxPatience);
  const because = `${nameOf(pod)} gets no network: ${known?.cause ?? message}`;
  return stayed ? { because, hopeless: fault } : { because, blame: fault };
}

async function lastEvent(pod: KubeObject, sight: Sight, reason: string): Promise<string | undefined> {
  const { name, namespace = 'default', uid } = pod.metadata;
  const events: readonly Json[] = await sight.cluster.list({ apiVersion: 'v1', kind: 'Event', namespace });
  const own = events.filter((one) => one.involvedObject?.name === name && one.reason === reason);
  return own.findLast(
    (one) => uid === undefined || one.involvedObject.uid === undefined || one.involvedObject.uid === uid,
  )?.message;
}
