import type { Json } from '#kube/json';
import { metadataCauses } from './builtin/names.ts';
import { builtInCauses } from './builtin/rules.ts';
import type { Core } from './core.ts';
import { type Cause, refuse } from './refusal.ts';
import { ruleCauses } from './schema/rules.ts';
import { violations } from './schema/validate.ts';
import type { Intent } from './write.ts';
import { wrong } from './wrong.ts';

/** Refuses a new object in a namespace that is not there or is going away. */
export function checkPlace(core: Core, { kind, namespace, name }: Pick<Intent, 'kind' | 'namespace' | 'name'>): void {
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
  const all = [...metadataCauses(kind, object.metadata), ...finalizerCauses(object, before), ...causes];
  if (all.length > 0) throw refuse.invalid(kind, name, all);
}

function customCauses(core: Core, { kind, subresource }: Intent, object: Json, before: Json): readonly Cause[] {
  const { apiVersion: _, kind: __, metadata: ___, ...body } = object;
  const properties = kind.schema?.properties;
  const schema = subresource === 'status' ? { properties: { status: properties?.status } } : kind.schema;
  const found = violations(body, { ...schema, required: own(schema?.required) }, '');
  // Rules may rely on the types, so they are asked only of what has the right ones.
  return found.length > 0 ? found : ruleCauses(kind, object, before, core.skippedRules);
}

function own(required: Json): Json {
  return (required ?? []).filter((name: string) => !['apiVersion', 'kind', 'metadata'].includes(name));
}

function finalizerCauses(object: Json, before: Json): readonly Cause[] {
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
