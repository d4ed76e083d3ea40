import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Kind } from './kinds.ts';

/** The kinds that a definition serves, one for each served version. */
export function customKinds(definition: KubeObject): readonly Kind[] {
  const { group, names, scope, versions } = definition['spec'];
  return versions
    .filter((version: Json) => version.served)
    .map(
      (version: Json): Kind => ({
        group,
        version: version.name,
        apiVersion: `${group}/${version.name}`,
        kind: names.kind,
        plural: names.plural,
        singular: names.singular ?? names.kind.toLowerCase(),
        shortNames: names.shortNames ?? [],
        categories: names.categories ?? [],
        namespaced: scope === 'Namespaced',
        subresources: Object.keys(version.subresources ?? {}),
        counts: true,
        stored: `${group}/${names.plural}`,
        schema: { ...version.schema?.openAPIV3Schema, selectableFields: version.selectableFields },
        custom: true,
      }),
    );
}
