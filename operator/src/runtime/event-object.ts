import { createHash } from 'node:crypto';
import type { KubeObject, ObjectRef } from '#kube/object';
import { microTime } from './micro-time.ts';
import { veiled } from './veil.ts';

/** What happened to an object, in the words of events.k8s.io. */
export interface Happening {
  readonly type: 'Normal' | 'Warning';
  /** For machines: `VMCreated`. */
  readonly reason: string;
  /** What was done or tried: `CreateVM`. */
  readonly action: string;
  /** For people; no secrets, though what looks like one is kept back all the same. */
  readonly note: string;
  /** Another object that it is also about. */
  readonly related?: ObjectRef | undefined;
}

/** A happening that may come again. */
export interface Series {
  readonly key: string;
  readonly object: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>;
  readonly happening: Happening;
  /** How often so far. */
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly first: number;
  readonly last: number;
}

const controller = 'vm.novasphere.dev/wukong-operator';
/** What the API takes: characters of a reason and an action, bytes of a note. */
const most = { word: 128, note: 1024 };

/** The Event object of a series as it stands. */
export function eventObject(series: Series, instance: string): KubeObject {
  const { object, happening, first } = series;
  const { type, reason, action, note, related } = happening;
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: eventName(series, instance), namespace: eventNamespace(series) },
    eventTime: microTime(first),
    reportingController: controller,
    reportingInstance: instance.slice(0, most.word),
    type,
    reason: reason.slice(0, most.word),
    action: action.slice(0, most.word),
    note: shortened(veiled(note)),
    regarding: reference({ ...object, ...object.metadata }),
    ...(related === undefined ? {} : { related: reference(related) }),
    ...repetition(series),
  };
}

/** What of an Event changes when it happens again. */
export function repetition({ count, last }: Series): object {
  return count < 2 ? {} : { series: { count, lastObservedTime: microTime(last) } };
}

export function eventName({ object, key, first }: Series, instance: string): string {
  const hash = createHash('sha256').update(`${key} ${first} ${instance}`).digest('hex').slice(0, 16);
  return `${object.metadata.name.slice(0, 200).replace(/[.-]+$/, '')}.${hash}`;
}

/** Events about what lies in no namespace are kept in `default`. */
export function eventNamespace({ object }: Series): string {
  return object.metadata.namespace ?? 'default';
}

function reference({ apiVersion, kind, name, namespace, uid }: ObjectRef & { readonly uid?: string }): object {
  const place = namespace === undefined ? {} : { namespace };
  return { apiVersion, kind, name, ...place, ...(uid === undefined ? {} : { uid }) };
}

function shortened(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= most.note) return text;
  // A character that was cut through would be replaced by one that is longer.
  const cut = bytes.subarray(0, most.note - Buffer.byteLength('…')).toString();
  return `${cut.replace(/\uFFFD+$/, '')}…`;
}
