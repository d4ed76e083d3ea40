import type { Json } from '#kube/json';
import { type Cause, wrong } from '../refusal.ts';

/** What is wrong with a CustomResourceDefinition. */
export function definitionCauses(object: Json, before: Json): readonly Cause[] {
  const { group, names, scope, versions } = object.spec ?? {};
  const found: Cause[] = [];
  if (!group) found.push(wrong.required('spec.group'));
  if (!names?.plural) found.push(wrong.required('spec.names.plural'));
  if (!names?.kind) found.push(wrong.required('spec.names.kind'));
  if (object.metadata.name !== `${names?.plural}.${group}`) {
    found.push(wrong.invalid('metadata.name', object.metadata.name, 'must be spec.names.plural+"."+spec.group'));
  }
  if (scope !== 'Namespaced' && scope !== 'Cluster') {
    found.push(wrong.unsupported('spec.scope', scope ?? '', ['Cluster', 'Namespaced']));
  }
  const stored = (versions ?? []).filter((version: Json) => version.storage);
  if (stored.length !== 1) {
    found.push(
      wrong.invalid(
        'spec.versions',
        (versions ?? []).map((one: Json) => one.name),
        'must have exactly one version marked as storage version',
      ),
    );
  }
  for (const [index, version] of (versions ?? []).entries()) {
    if (version.schema?.openAPIV3Schema !== undefined) continue;
    found.push(wrong.required(`spec.versions[${index}].schema.openAPIV3Schema`, 'schemas are required'));
  }
  if (before !== undefined && before.spec.scope !== scope) {
    found.push(wrong.invalid('spec.scope', scope, 'field is immutable'));
  }
  return found;
}
