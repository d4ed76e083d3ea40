import type { Json } from '#kube/json';
import type { KubeObject, ObjectRef } from '#ports/cluster';
import type { Sight } from '#ports/world';
import { type Condition, met, unmet } from './condition.ts';
import { componentLabel } from './labelled.ts';

/** Every definition is Established and its kinds are served. */
export function crdsServed(definitions: readonly KubeObject[]): Condition {
  const count = definitions.length === 1 ? '1 new kind' : `${definitions.length} new kinds`;
  return async (sight) => {
    const all = await liveOf(definitions, sight);
    const problems = await Promise.all(definitions.map((one) => notServed(one, all.get(one.metadata.name), sight)));
    const open = problems.filter((problem) => problem !== undefined);
    const [first] = open;
    if (first === undefined) return met(`${count} served`);
    const name = definitions[problems.indexOf(first)]?.metadata.name ?? '';
    const about = { kind: definitionType.kind, name };
    return unmet(open.length === 1 ? first : `not all of the ${count} are served yet`, { about });
  };
}

/** What is there of them, by name: read as one collection, so that one watch tells of all. */
async function liveOf(
  definitions: readonly KubeObject[],
  { cluster }: Sight,
): Promise<ReadonlyMap<string, KubeObject>> {
  const component = definitions[0]?.metadata.labels?.[componentLabel];
  const labelSelector = component === undefined ? {} : { labelSelector: `${componentLabel}=${component}` };
  const all = await cluster.list({ ...definitionType, ...labelSelector });
  return new Map(all.map((one) => [one.metadata.name, one]));
}

async function notServed(
  { metadata, spec }: KubeObject,
  live: KubeObject | undefined,
  { cluster }: Sight,
): Promise<string | undefined> {
  const name = `CustomResourceDefinition ${metadata.name}`;
  if (live === undefined) return `${name} does not exist yet`;
  const problem = problemOf(live);
  if (problem !== undefined) return `${name} ${problem}`;
  const version = spec.versions.find((one: Json) => one.served);
  const apiVersion = `${spec.group}/${version?.name}`;
  const served = await cluster.serves(apiVersion, spec.names.kind);
  return served ? undefined : `the API server does not serve ${spec.names.kind} of ${apiVersion} yet`;
}

const definitionType = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' } as const;

function definition(name: string): ObjectRef {
  return { ...definitionType, name };
}

/** CustomResourceDefinitions that somebody else brings are Established. */
export function crdsEstablished(...names: readonly string[]): Condition {
  return async (sight) => {
    for (const name of names) {
      const live: Json = await sight.cluster.get(definition(name));
      if (live === undefined) return unmet(`CustomResourceDefinition ${name} does not exist yet`);
      const problem = problemOf(live);
      if (problem !== undefined)
        return unmet(`CustomResourceDefinition ${name} ${problem}`, { about: { kind: definitionType.kind, name } });
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
