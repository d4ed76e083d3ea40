import type { KubeObject } from '#kube/object';

/** Marks what belongs to a Wukong without naming it as owner, which would take it away with the Wukong. */
export const uidLabel = 'vm.novasphere.dev/wukong-uid';

/** The uid of the one controller of an object. */
export function controllerOf(object: KubeObject): string | undefined {
  return object.metadata.ownerReferences?.find((one) => one.controller === true)?.uid;
}

/**
 * Whether an object belongs to one of these owners (uids). Names can be ambiguous (`a` with a disk `b-c`, `a-b` with a
 * disk `c`), so only this tells whose an object is. What has a controller is never anybody else's.
 */
export function isOf(owners: readonly (string | undefined)[], object: KubeObject): boolean {
  const owner = controllerOf(object) ?? object.metadata.labels?.[uidLabel];
  return owner !== undefined && owners.includes(owner);
}

/** Whether an object says whose it is at all. Cluster-wide policies, which many share, do not. */
export function isOwned(object: KubeObject): boolean {
  return controllerOf(object) !== undefined || object.metadata.labels?.[uidLabel] !== undefined;
}

export function ours(uid: string | undefined, object: KubeObject | undefined): KubeObject | undefined {
  return object !== undefined && isOf([uid], object) ? object : undefined;
}
