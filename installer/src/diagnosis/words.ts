import { formatSpan } from '#engine/span';
import type { Json } from '#kube/json';
import type { Survey } from './survey.ts';

export function conditionOf(object: Json, type: string): Json {
  const conditions: readonly Json[] = object?.status?.conditions ?? [];
  return conditions.find((one) => one.type === type);
}

export function isTrue(object: Json, type: string): boolean {
  return conditionOf(object, type)?.status === 'True';
}

/** `Ready is False (KubeletNotReady) since 3 min: text`. */
export function conditionText(condition: Json, now: number): string {
  const { type, status, reason, message, lastTransitionTime } = condition;
  const since = Date.parse(lastTransitionTime ?? '');
  const span = Number.isNaN(since) ? '' : ` since ${formatSpan(Math.max(0, now - since))}`;
  const said = message === undefined || message === '' ? '' : `: ${clipped(message)}`;
  return `condition ${type} is ${status}${reason ? ` (${reason})` : ''}${span}${said}`;
}

/** Two writers at once: the one that lost tries again, and nothing is wrong. */
const passing = /the object has been modified; please apply your changes to the latest version/;

/** The warnings about an object, the newest last. */
export function eventsOf(seen: Survey, object: Json): readonly Json[] {
  const { name, namespace, uid } = object.metadata;
  return seen
    .of('Event')
    .filter(({ involvedObject: of, metadata, message }) => {
      if (passing.test(message ?? '')) return false;
      if (of?.kind !== object.kind || of.name !== name) return false;
      if (namespace !== undefined && metadata.namespace !== namespace) return false;
      // Events of a node carry its name in place of its uid.
      return uid === undefined || !of.uid || of.uid === uid || of.uid === name;
    })
    .toSorted((one, other) => timeOf(one) - timeOf(other));
}

export function timeOf(event: Json): number {
  const { series, lastTimestamp, eventTime, metadata } = event;
  const time = series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp;
  return Date.parse(time ?? '') || 0;
}

/** `event FailedMount, 12 times, last 40 s ago: text`. */
export function eventText(event: Json, now: number): string {
  const count: number = event.series?.count ?? event.count ?? 1;
  const times = count > 1 ? `, ${count} times` : '';
  return `event ${event.reason}${times}, ${count > 1 ? 'last ' : ''}${ago(timeOf(event), now)}: ${saidBy(event)}`;
}

/** The end of a chain of reasons; whole where it names a webhook, which is what to blame. */
function saidBy({ message = '' }: Json): string {
  return message.includes('failed calling webhook') ? clipped(message) : innermost(message);
}

export function ago(time: number, now: number): string {
  return `${formatSpan(Math.max(0, now - time))} ago`;
}

/** A text in one line, of a length that can be read. */
export function clipped(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  return line.length <= 400 ? line : `${line.slice(0, 399)}…`;
}

/** The end of a chain of "failed to", which is where it says why. */
export function innermost(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  return clipped(line.slice(line.lastIndexOf('": ') + 1).replace(/^: /, '') || line);
}

/** What klog and others put before a sentence: level, time, source. */
const stamp =
  /^([IWEF]\d{4} [\d:.]+\s+\d+ \S+:\d+\] |\[\d{4}-\d\d-\d\dT\S+ \w+[^\]]*\] |\d{4}-\d\d-\d\dT\S+ (\[\w+\] )?)/;

/** The sentence in a line of logrus, zap or klog. */
export function sentenceOf(line: string): string {
  const [, quoted] = /\bmsg=("(?:[^"\\]|\\.)*")/.exec(line) ?? [];
  if (quoted !== undefined) return clipped(String(JSON.parse(quoted)));
  const [, json] = /^(\{.*\})$/.exec(line.trim()) ?? [];
  if (json === undefined) return clipped(line.replace(stamp, ''));
  try {
    const { msg, error, reason } = JSON.parse(json) as Record<string, string | undefined>;
    return clipped([msg, error, reason].filter(Boolean).join(': ') || line);
  } catch {
    return clipped(line);
  }
}
