import type { KubeObject } from '#kube/object';
import type { Clock } from '#ports/clock';
import type { Admission } from './admission.ts';
import type { Kind } from './kinds.ts';
import type { Registry } from './registry.ts';
import type { Serials } from './serials.ts';
import { keyOf, type Store } from './store.ts';

/** What the parts of the API server share. */
export interface Core {
  readonly store: Store;
  readonly registry: Registry;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly admission: Admission;
  readonly serials: Serials;
  /** CEL rules of other projects that are not asked because they cannot be read. */
  readonly skippedRules: Set<string>;
  /** Pages of lists that began before this revision cannot be continued. */
  oldest(): number;
}

/** The time as Kubernetes writes it, in whole seconds. */
export function timestamp(core: Pick<Core, 'clock'>): string {
  return new Date(core.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** The stored object, without regard to the version it is asked in. */
export function stored(core: Core, kind: Kind, namespace: string | undefined, name: string): KubeObject | undefined {
  return core.store.get(kind.stored, keyOf(namespace, name));
}

const views = new WeakMap<KubeObject, Map<string, KubeObject>>();

/** The object in the version that is asked for. */
export function viewed(object: KubeObject, kind: Kind): KubeObject {
  if (object.apiVersion === kind.apiVersion) return object;
  let byVersion = views.get(object);
  if (byVersion === undefined) {
    byVersion = new Map();
    views.set(object, byVersion);
  }
  let view = byVersion.get(kind.apiVersion);
  if (view === undefined) {
    view = Object.freeze({ ...object, apiVersion: kind.apiVersion });
    byVersion.set(kind.apiVersion, view);
  }
  return view;
}
