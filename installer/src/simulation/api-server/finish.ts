import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { checkResize, claimAdmission } from './builtin/claim-admission.ts';
import { withDefaults } from './builtin/defaults.ts';
import { fill, tidy } from './builtin/fill.ts';
import { jobSelector, podAdmission } from './builtin/pod-admission.ts';
import { serviceAddress } from './builtin/service.ts';
import { type Core, timestamp } from './core.ts';
import { builtInShape } from './fields/built-in.ts';
import { customShape } from './fields/from-schema.ts';
import type { Shape } from './fields/shape.ts';
import type { Kind } from './kinds.ts';
import { defaulted, pruned } from './schema/prune.ts';
import { frozen, isRecord, without } from './values.ts';
import type { Intent } from './write.ts';

const shapes = new WeakMap<Kind, Shape>();

/** How the fields of a kind are owned and merged. */
export function shapeOf(kind: Kind): Shape {
  let shape = shapes.get(kind);
  if (shape === undefined) {
    shape = kind.custom ? customShape(kind.schema) : builtInShape(kind.kind);
    shapes.set(kind, shape);
  }
  return shape;
}

const system = [
  'uid',
  'creationTimestamp',
  'generation',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'resourceVersion',
  'selfLink',
];

/** The object with what only the server writes: identity, and the half that this endpoint leaves alone. */
export function stamped(core: Core, intent: Intent, object: Json, live: KubeObject | undefined): Json {
  const { kind, name, namespace } = intent;
  if (live !== undefined && intent.subresource === 'status')
    return { ...live, apiVersion: kind.apiVersion, status: object.status };
  const metadata: Record<string, Json> = {
    ...without(object.metadata ?? {}, ...system),
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...identity(core, kind, live),
  };
  const whole = { ...object, apiVersion: kind.apiVersion, kind: kind.kind, metadata };
  const status = kind.subresources.includes('status') && kind.kind !== 'Node';
  if (!status) return whole;
  if (live === undefined) return without(whole, 'status');
  return live['status'] === undefined ? without(whole, 'status') : { ...whole, status: live['status'] };
}

function identity(core: Core, kind: Kind, live: KubeObject | undefined): Json {
  if (live !== undefined) {
    return Object.fromEntries(
      system.filter((key) => key in live.metadata).map((key) => [key, (live.metadata as Json)[key]]),
    );
  }
  const counts = kind.counts ? { generation: 1 } : {};
  return { uid: core.serials.uid(), creationTimestamp: timestamp(core), ...counts };
}

/** The object as a server reads it: unknown fields dropped and defaults filled in. */
export function decoded({ kind }: Pick<Intent, 'kind'>, object: Json): Json {
  const tidied = { ...object, metadata: tidyMetadata(object.metadata) };
  return frozen(kind.custom ? custom(tidied, kind.schema) : withDefaults(tidy(tidied)));
}

/** What the built-in admission plugins and the storage of a real API server add; nobody owns it. */
export function completed(
  core: Core,
  { kind }: Pick<Intent, 'kind'>,
  object: Json,
  live: KubeObject | undefined,
): Json {
  return kind.custom ? object : frozen(withAdmission(core, object, live));
}

/** Both: an object from outside as it is stored. */
export function finished(core: Core, intent: Pick<Intent, 'kind'>, object: Json, live: KubeObject | undefined): Json {
  return completed(core, intent, decoded(intent, object), live);
}

function withAdmission(core: Core, object: Json, live: KubeObject | undefined): Json {
  if (object.apiVersion === 'v1' && object.kind === 'Service') {
    return serviceAddress(object, live, () => core.serials.clusterAddress());
  }
  if (live !== undefined && object.kind === 'PersistentVolumeClaim') checkResize(core, object, live);
  if (live !== undefined) return object;
  if (object.kind === 'Namespace') return fill(object, { spec: { finalizers: ['kubernetes'] } });
  if (object.kind === 'Pod') return podAdmission(core, object);
  if (object.kind === 'Job') return jobSelector(object);
  if (object.kind === 'PersistentVolumeClaim') return claimAdmission(core, object);
  return object;
}

function custom(object: Json, schema: Json): Json {
  const { apiVersion, kind, metadata, ...rest } = object;
  const known = pruned(rest, { ...schema, 'x-kubernetes-embedded-resource': false });
  return { apiVersion, kind, metadata, ...defaulted(known, schema) };
}

const emptied = ['labels', 'annotations', 'finalizers', 'ownerReferences'];

function tidyMetadata(metadata: Json): Json {
  const gone = Object.keys(metadata).filter((key) => {
    const value = metadata[key];
    if (value === null || value === undefined) return true;
    return (
      emptied.includes(key) &&
      (Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0)
    );
  });
  return without(metadata, ...gone);
}
