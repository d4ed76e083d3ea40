import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Kind } from './kinds.ts';

export interface Remains {
  readonly left: readonly { readonly kind: Kind; readonly object: KubeObject }[];
  /** Why deletions were refused. */
  readonly refusals: readonly string[];
  /** `subresources.kubevirt.io/v1` */
  readonly unreachable: readonly string[];
}

/** What the namespace controller says of a namespace that it cannot let go yet (namespace/deletion/status_condition_utils.go). */
export function conditionsOf({ left, refusals, unreachable }: Remains): readonly Json[] {
  return [
    discovery(unreachable),
    {
      type: 'NamespaceDeletionGroupVersionParsingFailure',
      status: 'False',
      reason: 'ParsedGroupVersions',
      message: 'All legacy kube types successfully parsed',
    },
    content(refusals),
    remaining(left),
    held(left),
  ];
}

function discovery(unreachable: readonly string[]): Json {
  const type = 'NamespaceDeletionDiscoveryFailure';
  if (unreachable.length === 0)
    return { type, status: 'False', reason: 'ResourcesDiscovered', message: 'All resources successfully discovered' };
  const stale = unreachable.map((one) => `${one}: stale GroupVersion discovery: ${one}`).join(', ');
  const message = `Discovery failed for some groups, ${unreachable.length} failing: unable to retrieve the complete list of server APIs: ${stale}`;
  return { type, status: 'True', reason: 'DiscoveryFailed', message };
}

function content(refusals: readonly string[]): Json {
  const type = 'NamespaceDeletionContentFailure';
  const done = 'All content successfully deleted, may be waiting on finalization';
  if (refusals.length === 0) return { type, status: 'False', reason: 'ContentDeleted', message: done };
  const message = `Failed to delete all resource types, ${refusals.length} remaining: ${refusals.join(', ')}`;
  return { type, status: 'True', reason: 'ContentDeletionFailed', message };
}

function remaining(left: Remains['left']): Json {
  const type = 'NamespaceContentRemaining';
  if (left.length === 0)
    return { type, status: 'False', reason: 'ContentRemoved', message: 'All content successfully removed' };
  const counts = counted(left.map(({ kind }) => `${kind.plural}.${kind.group}`));
  const list = counts.map(([name, count]) => `${name} has ${count} resource instances`).join(', ');
  return { type, status: 'True', reason: 'SomeResourcesRemain', message: `Some resources are remaining: ${list}` };
}

function held(left: Remains['left']): Json {
  const type = 'NamespaceFinalizersRemaining';
  const counts = counted(left.flatMap(({ object }) => object.metadata.finalizers ?? []));
  const done = 'All content-preserving finalizers finished';
  if (counts.length === 0) return { type, status: 'False', reason: 'ContentHasNoFinalizers', message: done };
  const list = counts.map(([finalizer, count]) => `${finalizer} in ${count} resource instances`).join(', ');
  const message = `Some content in the namespace has finalizers remaining: ${list}`;
  return { type, status: 'True', reason: 'SomeFinalizersRemain', message };
}

function counted(names: readonly string[]): readonly (readonly [string, number])[] {
  return [...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length] as const).toSorted(byName);
}

function byName([one]: readonly [string, number], [other]: readonly [string, number]): number {
  return one < other ? -1 : 1;
}
