import type { ComponentName } from '#catalog/catalog';
import { atOnce } from '#engine/at-once';
import type { KubeObject, ObjectQuery } from '#ports/cluster';
import type { Sight } from '#ports/world';
import { componentLabel } from './labelled.ts';
import { refOf } from './object-name.ts';

/** How many requests are under way at the same time. */
const limit = 8;
/** From so many objects on one list is cheaper than one request each. */
const worthAList = 2;

type Group = readonly KubeObject[];

/**
 * What is there of each object, in the same order. Those of one kind and namespace that bear the label of the component
 * are read with one request; what it does not bring is asked for by name.
 */
export async function survey(
  objects: readonly KubeObject[],
  { cluster }: Pick<Sight, 'cluster'>,
  component: ComponentName | 'verify',
): Promise<readonly (KubeObject | undefined)[]> {
  const seen = new Map<string, KubeObject>();
  const open: KubeObject[] = [];
  await atOnce(limit, groupsOf(objects), async (group) => {
    const missing = group.length < worthAList ? group : await listed(group);
    open.push(...missing);
  });
  await atOnce(limit, open, async (object) => note(await cluster.get(refOf(object))));
  return objects.map(found);

  /** Notes what a list brings of a group, and gives the objects that may be there all the same. */
  async function listed(group: Group): Promise<Group> {
    const query = queryOf(group, component);
    for (const live of await cluster.list(query)) note(live);
    const missing = group.filter((object) => found(object) === undefined);
    const mayExist =
      missing.length > 0 && (missing.length < group.length || (await cluster.serves(query.apiVersion, query.kind)));
    return mayExist ? missing : [];
  }

  function note(live: KubeObject | undefined): void {
    if (live !== undefined) seen.set(keyOf(live, live.metadata.namespace ?? ''), live);
  }

  /** Manifests name a namespace for objects that have none, and leave out the one that is meant by default. */
  function found(object: KubeObject): KubeObject | undefined {
    return seen.get(keyOf(object, object.metadata.namespace ?? 'default')) ?? seen.get(keyOf(object, ''));
  }
}

function groupsOf(objects: readonly KubeObject[]): readonly Group[] {
  const groups = Map.groupBy(objects, ({ apiVersion, kind, metadata }) =>
    [apiVersion, kind, metadata.namespace].join(' '),
  );
  return [...groups.values()];
}

function queryOf([one]: Group, component: string): ObjectQuery {
  const { apiVersion, kind, metadata } = one as KubeObject;
  const place = metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
  return { apiVersion, kind, ...place, labelSelector: `${componentLabel}=${component}` };
}

function keyOf({ kind, metadata: { name } }: KubeObject, namespace: string): string {
  return `${kind} ${namespace}/${name}`;
}
