import type { Json } from '#kube/json';
import type { Cause } from '../refusal.ts';
import { ownGroup, rulesOf } from '../schema/compiled-rules.ts';
import { isRecord } from '../values.ts';
import { wrong } from '../wrong.ts';

/** What is wrong with a CustomResourceDefinition. */
export function definitionCauses(object: Json, before: Json): readonly Cause[] {
  const { group, names, scope, versions = [] } = object.spec ?? {};
  const found: Cause[] = [];
  if (!group) found.push(wrong.required('spec.group'));
  if (!names?.plural) found.push(wrong.required('spec.names.plural'));
  if (!names?.kind) found.push(wrong.required('spec.names.kind'));
  if (object.metadata.name !== `${names?.plural}.${group}`) {
    found.push(wrong.invalid('metadata.name', object.metadata.name, 'must be spec.names.plural+"."+spec.group'));
  }
  if (scope === undefined) found.push(wrong.required('spec.scope'));
  else if (scope !== 'Namespaced' && scope !== 'Cluster') {
    found.push(wrong.unsupported('spec.scope', scope, ['Cluster', 'Namespaced']));
  }
  if (before !== undefined && before.spec.scope !== scope) {
    found.push(wrong.invalid('spec.scope', scope, 'field is immutable'));
  }
  for (const name of ['kind', 'plural'])
    if (before !== undefined && before.spec.names[name] !== names?.[name])
      found.push(wrong.invalid(`spec.names.${name}`, names?.[name], 'field is immutable'));
  if (group === ownGroup) for (const version of versions) readRules(version.schema?.openAPIV3Schema);
  return [...found, ...versionCauses(versions)];
}

function versionCauses(versions: readonly Json[]): readonly Cause[] {
  const found: Cause[] = [];
  if (versions.filter(({ storage }) => storage).length !== 1) {
    const names = versions.map(({ name }) => name);
    found.push(wrong.invalid('spec.versions', names, 'must have exactly one version marked as storage version'));
  }
  for (const [index, { schema }] of versions.entries()) {
    if (schema?.openAPIV3Schema !== undefined) continue;
    found.push(wrong.required(`spec.versions[${index}].schema.openAPIV3Schema`));
  }
  return found;
}

/** Reads every rule of our own definitions at once, so that a gap of the evaluator shows where the rule is written. */
function readRules(schema: Json): void {
  if (!isRecord(schema)) return;
  rulesOf(schema, ownGroup);
  const inner: readonly Json[] = [
    schema['items'],
    schema['additionalProperties'],
    ...Object.values(schema['properties'] ?? {}),
  ];
  for (const one of inner) readRules(one);
}
