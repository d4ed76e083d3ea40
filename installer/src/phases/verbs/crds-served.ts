import type { Json } from '#kube/json';
import type { KubeObject } from '#ports/cluster';
import { type Condition, met, unmet } from './condition.ts';

/** Every definition is Established and its kinds are served. */
export function crdsServed(definitions: readonly KubeObject[]): Condition {
  return async (sight) => {
    for (const { metadata, spec } of definitions) {
      const name = `CustomResourceDefinition ${metadata.name}`;
      const live: Json = await sight.cluster.get({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        name: metadata.name,
      });
      if (live === undefined) return unmet(`${name} does not exist yet`);
      const problem = problemOf(live);
      if (problem !== undefined) return unmet(`${name} ${problem}`);
      const version = spec.versions.find((one: Json) => one.served);
      const apiVersion = `${spec.group}/${version?.name}`;
      if (!(await sight.cluster.serves(apiVersion, spec.names.kind)))
        return unmet(`the API server does not serve ${spec.names.kind} of ${apiVersion} yet`);
    }
    const count = definitions.length;
    return met(count === 1 ? '1 new kind is served' : `${count} new kinds are served`);
  };
}

/** CustomResourceDefinitions that somebody else brings are Established. */
export function crdsEstablished(...names: readonly string[]): Condition {
  return async (sight) => {
    for (const name of names) {
      const ref = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name };
      const live: Json = await sight.cluster.get(ref);
      if (live === undefined) return unmet(`CustomResourceDefinition ${name} does not exist yet`);
      const problem = problemOf(live);
      if (problem !== undefined) return unmet(`CustomResourceDefinition ${name} ${problem}`);
    }
    return met(names.length === 1 ? `CRD ${names[0]} is Established` : `${names.length} CRDs are Established`);
  };
}

function problemOf(live: Json): string | undefined {
  const conditions: Json[] = live.status?.conditions ?? [];
  const refused = conditions.find((one) => one.type === 'NamesAccepted' && one.status === 'False');
  if (refused !== undefined) return `is refused: ${refused.message}`;
  const established = conditions.some((one) => one.type === 'Established' && one.status === 'True');
  return established ? undefined : 'is not Established yet';
}
