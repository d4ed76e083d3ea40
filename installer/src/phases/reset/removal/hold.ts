import type { Json } from '#kube/json';
import type { ClusterSight, KubeObject, ObjectRef } from '#ports/cluster';
import { nameOf, refOf } from '../../verbs/object-name.ts';
import { type Abandoned, abandonedApis, abandonedWebhooks } from './abandoned.ts';
import { absence, keeperOf } from './keepers.ts';
import { allOf, definitionsOf, kindOf } from './kinds.ts';

/** Something that keeps an object from going, and that will not let go by itself. */
export type Hold =
  | {
      readonly trap: 'finalizer';
      readonly object: KubeObject;
      readonly finalizers: readonly string[];
      readonly says: string;
    }
  | { readonly trap: 'door'; readonly ref: ObjectRef; readonly says: string };

/** What holds an object that was deleted and is still there. Empty while everybody who has to act still can. */
export async function holdsOn(object: KubeObject, cluster: ClusterSight): Promise<readonly Hold[]> {
  const inside = await within(object, cluster);
  const doors = object.kind === 'Namespace' ? await doorsOf(object, cluster) : [];
  const held = await Promise.all([object, ...inside].map((one) => finalizersOf(one, cluster)));
  return [...doors, ...held.flat()];
}

async function finalizersOf(object: KubeObject, cluster: ClusterSight): Promise<readonly Hold[]> {
  if (object.metadata.deletionTimestamp === undefined) return [];
  const finalizers = object.metadata.finalizers ?? [];
  const found = await Promise.all(
    finalizers.map(async (finalizer) => {
      const keeper = keeperOf(finalizer);
      const why = keeper === undefined ? undefined : await absence(keeper, cluster);
      return why === undefined ? [] : [{ finalizer, why }];
    }),
  );
  const [first, ...more] = found.flat();
  if (first === undefined) return [];
  const all = [first, ...more].map((one) => one.finalizer);
  const says = `${nameOf(object)} is held by its finalizer ${all.join(', ')}, and ${first.why}: nobody takes it off any more`;
  return [{ trap: 'finalizer', object, finalizers: all, says }];
}

/** What has to go before the object can: the objects of a kind, or those in a namespace, that are being deleted. */
async function within(object: Json, cluster: ClusterSight): Promise<readonly KubeObject[]> {
  if (object.metadata.deletionTimestamp === undefined) return [];
  if (object.kind === 'CustomResourceDefinition') return allOf(cluster, [kindOf(object)]);
  return object.kind === 'Namespace' ? remainingIn(object, cluster) : [];
}

/** A namespace names the kinds of which something is left in it. */
async function remainingIn(namespace: Json, cluster: ClusterSight): Promise<readonly KubeObject[]> {
  const message: string = condition(namespace, 'NamespaceContentRemaining') ?? '';
  const named = [...message.matchAll(/(\S+) has \d+ resource instances/g)].map(([, name]) => name);
  const definitions = await definitionsOf(cluster, () => true);
  const kinds = definitions.filter(({ metadata }) => named.includes(metadata.name)).map(kindOf);
  const claims = { apiVersion: 'v1', kind: 'PersistentVolumeClaim' };
  const all = await allOf(cluster, named.includes('persistentvolumeclaims.') ? [...kinds, claims] : kinds);
  return all.filter(({ metadata }) => metadata.namespace === namespace.metadata.name);
}

/** A namespace that cannot be emptied says why in its conditions. */
async function doorsOf(namespace: Json, cluster: ClusterSight): Promise<readonly Hold[]> {
  const discovery = condition(namespace, 'NamespaceDeletionDiscoveryFailure');
  const content = condition(namespace, 'NamespaceDeletionContentFailure');
  const found: readonly Abandoned[] = [
    ...(discovery === undefined ? [] : await abandonedApis(cluster)),
    ...(content === undefined ? [] : await abandonedWebhooks(cluster, content)),
  ];
  return found.map(({ object, why }) => ({
    trap: 'door',
    ref: refOf(object),
    says: `${nameOf(object)} keeps ${nameOf(namespace)} from being emptied: ${why}`,
  }));
}

/** What a condition that is true says. */
function condition({ status }: Json, type: string): string | undefined {
  return (status?.conditions ?? []).find((one: Json) => one.type === type && one.status === 'True')?.message;
}
