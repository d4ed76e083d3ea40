import type { Json } from '#kube/json';
import { metadataCauses } from './builtin/names.ts';
import { builtInCauses } from './builtin/rules.ts';
import type { Core } from './core.ts';
import type { Kind } from './kinds.ts';
import { type Cause, refuse } from './refusal.ts';
import { defaulted, pruned } from './schema/prune.ts';
import { hasRules, ruleCauses } from './schema/rules.ts';
import { violations } from './schema/validate.ts';
import type { Intent } from './write.ts';
import { wrong } from './wrong.ts';

/** Refuses a new object of a kind, or in a namespace, that is not there or is going away. */
export function checkPlace(core: Core, { kind, namespace, name }: Pick<Intent, 'kind' | 'namespace' | 'name'>): void {
  const definition = core.store.get('apiextensions.k8s.io/customresourcedefinitions', `${kind.plural}.${kind.group}`);
  if (kind.custom && definition?.metadata.deletionTimestamp !== undefined)
    throw refuse.forbidden(kind, name, 'create not allowed while custom resource definition is terminating');
  if (!kind.namespaced || namespace === undefined) return;
  const found = core.store.get('/namespaces', namespace);
  const namespaces = core.registry.at('', 'v1', 'namespaces');
  if (found === undefined && namespaces !== undefined) throw refuse.notFound(namespaces, namespace);
  if (found?.metadata.deletionTimestamp === undefined) return;
  const message = `namespace ${namespace} is being terminated`;
  throw refuse.forbidden(
    kind,
    name,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
    [{ reason: 'NamespaceTerminating', message, field: 'metadata.namespace' }],
  );
}

/** Refuses an object that breaks the rules of its kind. */
export function checkValid(core: Core, intent: Intent, object: Json, before: Json): void {
  const { kind, name } = intent;
  const causes = kind.custom ? customCauses(core, intent, object, before) : builtInCauses(kind, object, before);
  const all = [...metadataCauses(kind, object.metadata), ...finalizerCauses(kind, object, before), ...causes];
  if (all.length > 0) throw refuse.invalid(kind, name, all);
}

function customCauses(core: Core, { kind, subresource }: Intent, object: Json, stored: Json): readonly Cause[] {
  // What is stored is read as the schema of today has it.
  const before = stored === undefined ? undefined : defaulted(pruned(stored, kind.schema), kind.schema);
  const { apiVersion: _, kind: __, metadata: ___, ...body } = object;
  const properties = kind.schema?.properties;
  const schema = subresource === 'status' ? { properties: { status: properties?.status } } : kind.schema;
  const found = violations(body, { ...schema, required: own(schema?.required) }, '', before);
  // Rules may rely on the types, so they are asked only of what has the right ones.
  if (!found.some(({ reason = '' }) => blocking.has(reason)))
    return [...found, ...ruleCauses(kind, object, before, core.skippedRules)];
  return hasRules(kind.schema) ? [...found, unasked] : found;
}

const blocking = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);
const unasked = wrong.invalid(
  '<nil>',
  null,
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
);

function own(required: Json): Json {
  return (required ?? []).filter((name: string) => !['apiVersion', 'kind', 'metadata'].includes(name));
}

const standard = ['foregroundDeletion', 'orphan', 'kubernetes'];

function finalizerCauses({ custom }: Kind, object: Json, before: Json): readonly Cause[] {
  const stated: readonly string[] = object.metadata.finalizers ?? [];
  // Custom resources may have any: KubeVirt's own is foregroundDeleteKubeVirt.
  const unqualified = stated.filter((one) => !custom && !one.includes('/') && !standard.includes(one));
  if (unqualified.length > 0) {
    const why = 'name is neither a standard finalizer name nor is it fully qualified';
    return unqualified.map((one) => wrong.invalid(`metadata.finalizers[${stated.indexOf(one)}]`, one, why));
  }
  if (before?.metadata.deletionTimestamp === undefined) return [];
  const known: readonly string[] = before.metadata.finalizers ?? [];
  const added = (object.metadata.finalizers ?? []).filter((one: string) => !known.includes(one));
  if (added.length === 0) return [];
  return [
    wrong.forbidden(
      'metadata.finalizers',
      `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((one: string) => JSON.stringify(one)).join(', ')}}`,
    ),
  ];
}
