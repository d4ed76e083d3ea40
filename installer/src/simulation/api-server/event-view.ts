import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { viewed } from './core.ts';
import type { Kind } from './kinds.ts';

const coreToEvents: readonly (readonly [string, string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['reportingComponent', 'reportingController'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
];

const views = new WeakMap<KubeObject, KubeObject>();

/** An event in the words of the group that it is asked in: `v1` and `events.k8s.io/v1` tell the same events. */
export function eventView(event: KubeObject, kind: Kind): KubeObject {
  if (event.apiVersion === kind.apiVersion) return event;
  let view = views.get(event);
  if (view === undefined) {
    view = Object.freeze({ ...renamed(event, kind.group === ''), apiVersion: kind.apiVersion }) as KubeObject;
    views.set(event, view);
  }
  return viewed(view, kind);
}

function renamed(event: Json, toCore: boolean): Json {
  const pairs = coreToEvents.map(([core, events]) => (toCore ? ([events, core] as const) : ([core, events] as const)));
  const names = new Map(pairs);
  return Object.fromEntries(Object.entries(event).map(([key, value]) => [names.get(key) ?? key, value]));
}
