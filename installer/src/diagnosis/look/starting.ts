import type { Json } from '#kube/json';
import { objectName, podsOf } from '../names.ts';
import { meaningOf, signature } from '../signatures.ts';
import type { Survey } from '../survey.ts';
import { type About, known, plain, rank, type Trouble, unknown } from '../trouble.ts';
import { clipped, eventText, innermost } from '../words.ts';
import { type Container, containersOf } from './containers.ts';
import { fromLog, lastLines, rolesOf } from './log-line.ts';
import { missingIn, withoutVolume } from './mounting.ts';

/** A pod that has just been made is given so long before silence counts as a sign. */
const patience = 120_000;
const volumeReasons = new Set(['FailedMount', 'FailedAttachVolume', 'FailedMapVolume']);
const configReasons = new Set(['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError']);

/** A pod that has a node and does not come up: its network, its volumes, its configuration, or a probe. */
export function starting(pod: Json, events: readonly Json[], about: About, seen: Survey): Trouble | undefined {
  const sandbox = events.findLast(({ reason }) => reason === 'FailedCreatePodSandBox');
  if (sandbox !== undefined) return withoutNetwork(pod, sandbox, about, seen);
  const volume = events.findLast(({ reason }) => volumeReasons.has(reason));
  if (volume !== undefined) return withoutVolume(pod, volume, about, seen);
  const wrong = containersOf(pod).find(({ status }) => configReasons.has(status.state?.waiting?.reason));
  if (wrong !== undefined) return misconfigured(pod, wrong, about);
  const age = seen.now - Date.parse(pod.metadata.creationTimestamp ?? '');
  return age < patience ? undefined : slow(pod, events, about, seen);
}

const pauseImage = 5;
/** A sandbox of the past is one pod's trouble, not that of a network. */
const staleSandbox = 26;

function withoutNetwork(pod: Json, event: Json, about: About, seen: Survey): Trouble {
  const { namespace, name } = pod.metadata;
  const node: string = pod.spec.nodeName;
  const fits = meaningOf(event.message);
  const isMultus = /multus/i.test(event.message);
  const multus = isMultus ? podsOf(seen.of('Pod'), 'multus', node).map(objectName) : [];
  const told: About = {
    ...about,
    code: fits?.id === pauseImage ? 'IMAGE-MISSING' : 'NETWORK-BROKEN',
    rank: fits?.id === staleSandbox ? about.rank : Math.min(about.rank, rank.dns),
    message: `${about.object} ${fits?.id === pauseImage ? 'does not start' : 'gets no network'}`,
    evidence: [eventText(event, seen.now)],
    blames: multus.filter((key) => key !== about.key),
  };
  if (fits !== undefined) return known(told, fits, { namespace, pod: name, name, node }, innermost(event.message));
  const remedies = [
    `kubectl -n ${namespace} describe pod ${name}`,
    `ls /var/lib/rancher/k3s/agent/etc/cni/net.d          on ${node}`,
  ] as const;
  if (isMultus) return plain(told, { title: 'Multus fails', because: [innermost(event.message)], remedies });
  return unknown(told, remedies, innermost(event.message));
}

function misconfigured(pod: Json, { name: container, status }: Container, about: About): Trouble {
  const { namespace, name } = pod.metadata;
  const { reason, message } = status.state.waiting;
  const missing = missingIn(message ?? '', namespace);
  return plain(
    { ...about, message: `container ${container} of ${about.object} cannot be made (${reason})` },
    {
      title: missing === undefined ? `${about.name} misconfigured` : `${missing.title} missing`,
      because: [clipped(message ?? reason)],
      remedies: [`kubectl -n ${namespace} describe pod ${name}`],
    },
  );
}

function slow(pod: Json, events: readonly Json[], about: About, seen: Survey): Trouble {
  const { namespace, name } = pod.metadata;
  const late = containersOf(pod).find(({ status }) => status.ready === false && status.state?.terminated === undefined);
  const lines = late === undefined ? [] : seen.log(pod, late.name);
  const told: About = {
    ...about,
    message:
      late === undefined
        ? `${about.object} does not start`
        : `container ${late.name} of ${about.object} ${doing(pod, late)}`,
    evidence: [...events.slice(-2).map((event) => eventText(event, seen.now)), ...lastLines(lines)],
  };
  if (about.object.includes('/longhorn-driver-deployer')) {
    const waits = signature(32);
    return known({ ...told, blames: rolesOf(waits, seen) }, waits, { namespace, pod: name });
  }
  const remedies = [
    `kubectl -n ${namespace} describe pod ${name}`,
    `kubectl -n ${namespace} logs ${name} --all-containers --tail 30`,
  ] as const;
  return fromLog(pod, late?.name ?? '', told, lines, seen) ?? unknown(told, remedies);
}

function doing(pod: Json, { name, status }: Container): string {
  if (status.state?.running === undefined) return 'has not started';
  const isInit = (pod.spec.initContainers ?? []).some((one: Json) => one.name === name);
  return isInit ? 'has not ended' : 'runs, but is not ready';
}
