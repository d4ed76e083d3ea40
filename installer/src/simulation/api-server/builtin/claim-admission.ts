import type { Json } from '#kube/json';
import type { Core } from '../core.ts';

const mark = 'storageclass.kubernetes.io/is-default-class';

/** What the DefaultStorageClass and StorageObjectInUseProtection plugins add to a new claim. */
export function claimAdmission(core: Core, claim: Json): Json {
  const finalizers: readonly string[] = claim.metadata.finalizers ?? [];
  const protection = 'kubernetes.io/pvc-protection';
  const metadata = finalizers.includes(protection)
    ? claim.metadata
    : { ...claim.metadata, finalizers: [...finalizers, protection] };
  if (claim.spec.storageClassName !== undefined) return { ...claim, metadata };
  const classes = core.store.list('storage.k8s.io/storageclasses');
  const defaults = classes.filter((one) => one.metadata.annotations?.[mark] === 'true');
  // The newest default wins, as in the real plugin.
  const chosen = defaults.sort(newer).at(0)?.metadata.name;
  return { ...claim, metadata, spec: chosen === undefined ? claim.spec : { ...claim.spec, storageClassName: chosen } };
}

function newer(one: Json, other: Json): number {
  const [a, b] = [one.metadata.creationTimestamp, other.metadata.creationTimestamp];
  if (a !== b) return a > b ? -1 : 1;
  return one.metadata.name < other.metadata.name ? -1 : 1;
}
