import type { Json } from '#kube/json';
import { ownerOf, plays } from '../names.ts';
import { signature } from '../signatures.ts';
import type { LogQuery, Survey } from '../survey.ts';
import { type About, known, plain, type Trouble, unknown } from '../trouble.ts';
import { ago, eventsOf, eventText, sentenceOf } from '../words.ts';
import { fromLog, lastLines } from './log-line.ts';
import { blamedWebhooks } from './webhook-text.ts';

/** A container of a pod: what is wanted of it, and what its kubelet says. */
export interface Container {
  readonly name: string;
  readonly status: Json;
  readonly spec: Json;
}

/** The containers of a pod in the order in which they start, with what the kubelet says of each. */
export function containersOf({ spec, status = {} }: Json): readonly Container[] {
  const pair = (specs: readonly Json[], statuses: readonly Json[]) =>
    specs.map((one) => ({
      name: one.name as string,
      spec: one,
      status: statuses.find(({ name }) => name === one.name) ?? {},
    }));
  return [
    ...pair(spec.initContainers ?? [], status.initContainerStatuses ?? []),
    ...pair(spec.containers ?? [], status.containerStatuses ?? []),
  ];
}

/** How a container ended the last time, when it ended badly and is not well since. */
function badEnd({ status }: Container): Json {
  const { state = {}, lastState = {}, ready } = status;
  if (state.terminated !== undefined) return state.terminated.exitCode === 0 ? undefined : state.terminated;
  return ready === true ? undefined : lastState.terminated;
}

function isFailing(one: Container): boolean {
  const { state = {}, restartCount = 0 } = one.status;
  if (state.waiting?.reason === 'CrashLoopBackOff') return true;
  return badEnd(one) !== undefined || (restartCount > 0 && one.status.ready === false && state.running !== undefined);
}

/** Which logs of a pod may say why it is not well. */
export function logsWanted(pod: Json): readonly LogQuery[] {
  return containersOf(pod)
    .filter((one) => isFailing(one) || (one.status.state?.running !== undefined && one.status.ready === false))
    .map(({ name, status }) => ({
      pod,
      container: name,
      previous: status.state?.running !== undefined && (status.restartCount ?? 0) > 0,
    }));
}

/** A container that ends again and again: by memory, by what its log says, or nobody knows why. */
export function failing(pod: Json, about: About, seen: Survey): Trouble | undefined {
  const one = containersOf(pod).find(isFailing);
  if (one === undefined) return undefined;
  const end = badEnd(one);
  const lines = linesOf(pod, one, end, seen);
  const told: About = { ...about, message: messageOf(about, one), evidence: evidenceOf(pod, one, end, seen) };
  if (end?.reason === 'OOMKilled') return outOfMemory(pod, one, told);
  return fromLog(pod, one.name, told, lines, seen) ?? unrecognised(pod, one, told, lines, seen);
}

function linesOf(pod: Json, one: Container, end: Json, seen: Survey): readonly string[] {
  const last: readonly string[] = (end?.message ?? '').split('\n').filter(Boolean);
  return [...seen.log(pod, one.name), ...last];
}

function messageOf({ object }: About, { name, status }: Container): string {
  const times: number = status.restartCount ?? 0;
  const restarts = times === 0 ? '' : ` (restarted ${times === 1 ? 'once' : `${times} times`})`;
  return `container ${name} of ${object} keeps failing${restarts}`;
}

function evidenceOf(pod: Json, one: Container, end: Json, seen: Survey): readonly string[] {
  const ended = end === undefined ? [] : [endText(one.name, end, seen.now)];
  const events = eventsOf(seen, pod).slice(-2);
  return [...ended, ...events.map((event) => eventText(event, seen.now))];
}

function endText(name: string, { reason, exitCode, finishedAt }: Json, now: number): string {
  const when = Date.parse(finishedAt ?? '');
  const since = Number.isNaN(when) ? '' : `, ${ago(when, now)}`;
  return `container ${name} ended with exit code ${exitCode}${reason ? ` (${reason})` : ''}${since}`;
}

function outOfMemory(pod: Json, { name, spec, status }: Container, about: About): Trouble {
  const limit: string | undefined = spec.resources?.limits?.memory;
  const at = limit === undefined ? 'with all memory of the machine in use' : `at its limit of ${limit}`;
  const times: number = status.restartCount ?? 0;
  const count = times > 1 ? `, ${times} times by now` : '';
  const message = `container ${name} of ${about.object} is out of memory: it was ended ${at}${count}`;
  const { namespace } = pod.metadata;
  if (plays(pod, 'multus')) return known({ ...about, code: 'NETWORK-BROKEN', message }, signature(24), {});
  const owner = ownerOf(pod);
  const of = owner === undefined ? `pod/${pod.metadata.name}` : `${owner.kind.toLowerCase()}/${owner.name}`;
  return plain(
    { ...about, message },
    {
      title: `${about.name} out of memory`,
      because: ['the kernel ends it when it takes more than it may'],
      remedies: [
        `kubectl -n ${namespace} set resources ${of} -c ${name} --limits=memory=SIZE          more than ${limit ?? 'it has'}`,
        `kubectl -n ${namespace} logs ${pod.metadata.name} -c ${name} --previous --tail 20`,
      ],
    },
  );
}

function unrecognised(pod: Json, one: Container, about: About, lines: readonly string[], seen: Survey): Trouble {
  const { namespace, name } = pod.metadata;
  const last = lines.at(-1);
  const evidence = [...(about.evidence ?? []), ...lastLines(lines)];
  const blames = lines.flatMap(blamedWebhooks);
  const probe = eventsOf(seen, pod).findLast(({ reason }) => reason === 'Unhealthy');
  return unknown(
    { ...about, evidence, blames },
    [
      `kubectl -n ${namespace} logs ${name} -c ${one.name} --previous --tail 50`,
      `kubectl -n ${namespace} describe pod ${name}          its events and its last state`,
    ],
    last === undefined ? probe?.message : sentenceOf(last),
  );
}
