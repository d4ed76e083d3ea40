import type { Json } from '#kube/json';

/** Names of the claims that a pod uses. */
export function claimsIn({ spec }: Json): readonly string[] {
  const volumes: readonly Json[] = spec.volumes ?? [];
  return volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}
