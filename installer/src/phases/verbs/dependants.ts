import type { Json } from '#kube/json';
import type { KubeObject } from '#ports/cluster';
import type { Sight } from '#ports/world';

const shown = 3;

/** The objects of the kind that a definition brings, which go with it: `3 Volumes: a, b, c`; undefined when there are none. */
export async function objectsOfKind(
  { spec }: KubeObject,
  { cluster }: Pick<Sight, 'cluster'>,
): Promise<string | undefined> {
  const version: Json = (spec?.versions ?? []).find((one: Json) => one.served);
  if (version === undefined) return undefined;
  const { kind } = spec.names;
  const objects = await cluster.list({ apiVersion: `${spec.group}/${version.name}`, kind });
  if (objects.length === 0) return undefined;
  const names = objects.slice(0, shown).map(({ metadata }) => metadata.name);
  const more = objects.length - names.length;
  return `${objects.length} ${kind}${objects.length === 1 ? '' : 's'}: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Whether volumes are made for the pods of a StatefulSet. */
export function hasClaims({ kind, spec }: KubeObject): boolean {
  return kind === 'StatefulSet' && (spec?.volumeClaimTemplates ?? []).length > 0;
}
