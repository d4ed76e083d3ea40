import type { Json } from '#kube/json';
import type { KubeObject, ObjectRef } from '#ports/cluster';
import type { Sight } from '#ports/world';
import { type Condition, met, unmet } from './condition.ts';

/** Every definition is Established and its kinds are served. */
export function crdsServed(definitions: readonly KubeObject[]): Condition {
  const count = definitions.length === 1 ? '1 new kind' : `${definitions.length} new kinds`;
  return async (sight) => {
    const problems = await Promise.all(definitions.map((one) => notServed(one, sight)));
    const open = problems.filter((problem) => problem !== undefined);
    const [first] = open;
    if (first === undefined) return met(`${count} served`);
    return unmet(open.length === 1 ? first : `not all of the ${count} are served yet`);
  };
}

async function notServed({ metadata, spec }: KubeObject, { cluster }: Sight): Promise<string | undefined> {
  const name = `CustomResourceDefinition ${metadata.name}`;
  const live: Json = await cluster.get(definition(metadata.name));
  if (live === undefined) return `${name} does not exist yet`;
  const problem = problemOf(live);
  if (problem !== undefined) return `${name} ${problem}`;
  const version = spec.versions.find((one: Json) => one.served);
  const apiVersion = `${spec.group}/${version?.name}`;
  const served = await cluster.serves(apiVersion, spec.names.kind);
  return served ? undefined : `the API server does not serve ${spec.names.kind} of ${apiVersion} yet`;
}

function definition(name: string): ObjectRef {
  return { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name };
}

/** CustomResourceDefinitions that somebody else brings are Established. */
export function crdsEstablished(...names: readonly string[]): Condition {
  return async (sight) => {
    for (const name of names) {
      const live: Json = await sight.cluster.get(definition(name));
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
