import type { Json } from '#kube/json';
import { commit } from './commit.ts';
import type { Core } from './core.ts';
import type { Kind } from './kinds.ts';
import { keyOf } from './store.ts';
import { frozen } from './values.ts';

/** Changes a stored object from inside the server: no admission, no ownership; gone objects are left alone. */
export function touch(
  core: Core,
  kind: Kind,
  at: { readonly namespace?: string | undefined; readonly name: string },
  change: (object: Json) => Json,
): void {
  const live = core.store.get(kind.stored, keyOf(at.namespace, at.name));
  if (live === undefined) return;
  commit(core, { kind, namespace: at.namespace, name: at.name, dryRun: false }, live, frozen(change(live)));
}

/** The object without a finalizer. */
export function released(object: Json, finalizer: string): Json {
  const finalizers = (object.metadata.finalizers ?? []).filter((one: string) => one !== finalizer);
  const { finalizers: _, ...metadata } = object.metadata;
  return { ...object, metadata: finalizers.length === 0 ? metadata : { ...metadata, finalizers } };
}
