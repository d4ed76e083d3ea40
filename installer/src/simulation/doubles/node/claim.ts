import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Shelf } from '../shelf.ts';

/** The names of the claims that a pod's volumes stand on; a generic ephemeral volume's claim is named after pod and volume. */
export function claimsOf(pod: KubeObject): string[] {
  return (pod['spec'].volumes ?? []).flatMap((volume: Json) => {
    if (volume.persistentVolumeClaim !== undefined) return [volume.persistentVolumeClaim.claimName];
    return volume.ephemeral === undefined ? [] : [`${pod.metadata.name}-${volume.name}`];
  });
}

/** Why a pod's claims keep it from being scheduled, in the scheduler's words. */
export function claimProblem(pod: KubeObject, claims: Shelf, classes: Shelf): string | undefined {
  for (const name of claimsOf(pod)) {
    const claim = claims.get(name, pod.metadata.namespace);
    if (claim === undefined) return `persistentvolumeclaim "${name}" not found. not found`;
    if (claim.metadata.deletionTimestamp !== undefined)
      return `persistentvolumeclaim "${name}" is being deleted. not found`;
    if (claim['status']?.phase === 'Lost')
      return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume`;
    if (claim['status']?.phase !== 'Bound' && !waitsForConsumer(claim, classes)) {
      return 'pod has unbound immediate PersistentVolumeClaims. not found';
    }
  }
  return undefined;
}

/** Whether a claim is bound only once a pod that uses it has a node. */
export function waitsForConsumer(claim: KubeObject, classes: Shelf): boolean {
  const storageClass = classes.get(claim['spec'].storageClassName ?? '');
  return storageClass?.['volumeBindingMode'] === 'WaitForFirstConsumer';
}
